import type { GgufMetadata } from "./value.ts";

/** A text under this key, or undefined when it is missing or of another kind. */
export function textAt(metadata: GgufMetadata, key: string): string | undefined {
  const entry = metadata.get(key);
  return entry?.kind === "text" ? entry.value : undefined;
}

/** A number of any width under this key (64-bit ones when they are safe integers). */
export function numberAt(metadata: GgufMetadata, key: string): number | undefined {
  const value = metadata.get(key)?.value;
  if (typeof value === "number") return value;
  if (typeof value !== "bigint") return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
}

/** A truth value under this key. */
export function boolAt(metadata: GgufMetadata, key: string): boolean | undefined {
  const entry = metadata.get(key);
  return entry?.kind === "bool" ? entry.value : undefined;
}

/** An array of texts under this key. */
export function textsAt(metadata: GgufMetadata, key: string): readonly string[] | undefined {
  const entry = metadata.get(key);
  return entry?.kind === "array" && entry.element === "text" ? entry.value : undefined;
}

/** An array of numbers (up to 32 bits, or f64) under this key. */
export function numbersAt(metadata: GgufMetadata, key: string): ArrayLike<number> | undefined {
  const entry = metadata.get(key);
  if (entry?.kind !== "array") return undefined;
  switch (entry.element) {
    case "text":
    case "bool":
    case "array":
    case "u64":
    case "i64":
      return undefined;
    default:
      return entry.value;
  }
}
