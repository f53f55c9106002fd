import { statSync } from "node:fs";
import { openByteFile } from "../../disk/index.ts";
import { openGguf, rowBytes, type GgufFile } from "../../formats/index.ts";
import { Encoder } from "../encoder.ts";
import { readTokenTable } from "../token-table.ts";
import { chooseAdditions, requireAdditions, type Additions } from "./choose-additions.ts";
import { extendFile } from "./extend-file.ts";

export interface ExtendVocabularyRequest {
  /** GGUF file of the base. */
  readonly path: string;
  /** Asked for twice; must be the same both times. */
  readonly texts: () => Iterable<string>;
  readonly add: number | "auto";
  readonly out: string;
}

export interface ExtendedVocabulary extends Additions {
  readonly before: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/**
 * Writes the base with the tokens that its corpus speaks for, and counts the corpus with the written file's
 * own tokenizer. `data-invalid` when no token pays; errors as of `readTokenTable` and `extendFile`.
 */
export function extendVocabulary(request: ExtendVocabularyRequest): ExtendedVocabulary {
  const { path, texts, add, out } = request;
  using source = openByteFile(path);
  const file = openGguf(source);
  const encoder = new Encoder(readTokenTable(file));
  const chosen = chooseAdditions(encoder, { texts: texts(), add, ...decodingBytes(file) });
  requireAdditions(chosen);
  extendFile({ file, table: encoder.table, additions: chosen.additions, out });
  return {
    ...chosen,
    tokensAfter: countTokens(out, texts()),
    before: encoder.table.tokens.length,
    bytesBefore: source.size,
    bytesAfter: statSync(out).size,
  };
}

/** What a decoding step reads: every matrix once, of the embedding (unless it is the head too) one row. */
export function decodingBytes(file: GgufFile): { weightBytes: number; rowBytes: number } {
  const head = file.tensors.get("output.weight") ?? file.tensors.get("token_embd.weight");
  let weightBytes = 0;
  for (const tensor of file.tensors.values()) {
    const isLookup = tensor.name === "token_embd.weight" && tensor !== head;
    if (!isLookup) weightBytes += tensor.bytes;
  }
  return { weightBytes, rowBytes: head ? rowBytes(head.encoding, head.shape.at(-1) ?? 1) : 0 };
}

function countTokens(path: string, texts: Iterable<string>): number {
  using source = openByteFile(path);
  const encoder = new Encoder(readTokenTable(openGguf(source)));
  let tokens = 0;
  for (const text of texts) tokens += encoder.encode(text).length;
  return tokens;
}
