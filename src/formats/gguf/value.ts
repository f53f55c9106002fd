/** Kinds of metadata whose values are plain numbers. */
type GgufNumberKind = "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "f64";

/** A metadata array with its element kind kept, so that writing it again gives the same bytes. */
export type GgufArray =
  | { readonly kind: "array"; readonly element: GgufNumberKind; readonly value: ArrayLike<number> }
  | { readonly kind: "array"; readonly element: "u64" | "i64"; readonly value: ArrayLike<bigint> }
  | { readonly kind: "array"; readonly element: "bool"; readonly value: readonly boolean[] }
  | { readonly kind: "array"; readonly element: "text"; readonly value: readonly string[] }
  | { readonly kind: "array"; readonly element: "array"; readonly value: readonly GgufArray[] };

/** One metadata value of a GGUF file, with its type on disk. */
export type GgufValue =
  | { readonly kind: GgufNumberKind; readonly value: number }
  | { readonly kind: "u64" | "i64"; readonly value: bigint }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "text"; readonly value: string }
  | GgufArray;

/** Metadata of a GGUF file in the file's order. */
export type GgufMetadata = ReadonlyMap<string, GgufValue>;

/** Kinds by their number on disk. Source: the GGUF specification, gguf_metadata_value_type. */
export const valueKinds = [
  "u8",
  "i8",
  "u16",
  "i16",
  "u32",
  "i32",
  "f32",
  "bool",
  "text",
  "array",
  "u64",
  "i64",
  "f64",
] as const;

/** Bytes of one value; for text and arrays the fewest that it can take. */
export const kindBytes: Readonly<Record<GgufValue["kind"], number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  bool: 1,
  text: 8,
  array: 12,
  u64: 8,
  i64: 8,
  f64: 8,
};
