import { canonicalJson, sha256, type Digest, type Json, type JsonObject } from "../kernel/index.ts";

/**
 * The digest of an input as a reader would say it: compatibility forms, capitals, spaces and
 * punctuation folded away. Inputs with one digest are one question, and may not stand in two splits.
 */
export function normalisedDigest(input: JsonObject): Digest {
  return sha256(canonicalJson(fold(input)));
}

function fold(value: Json): Json {
  if (typeof value === "string") {
    const folded = value
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\p{P}\p{S}\s]+/gu, " ")
      .trim();
    // Text of nothing but signs says what its signs say.
    return folded === "" ? value.trim() : folded;
  }
  if (Array.isArray(value)) return value.map(fold);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fold(member)]));
}
