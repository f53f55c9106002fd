import { corrupt } from "../corrupt.ts";
import { numberAt, numbersAt, textAt, textsAt } from "./lookup.ts";
import { unsupported } from "./model-config.ts";
import type { GgufFile } from "./open.ts";

const specialIds = ["bos", "eos", "unknown", "padding"] as const;

/**
 * Checks what llama.cpp takes for granted of a tokenizer, and would otherwise end the process or read past
 * an array: one token per embedding row, no text twice, lists of equal length, whole merges, all byte tokens.
 */
export function checkVocabulary(file: GgufFile, rows: number): void {
  const tokens = textsAt(file.metadata, "tokenizer.ggml.tokens");
  if (tokens === undefined) throw corrupt(file.name, 0, "tokenizer.ggml.tokens is missing");
  if (tokens.length !== rows) {
    throw corrupt(file.name, 0, `${tokens.length} tokens, but ${rows} rows in the embedding`);
  }
  // llama.cpp reads a token up to its first zero byte, and gives an empty one a name of its own.
  const texts = new Set(
    tokens.map((token, id) => (token.includes("\0") ? token.split("\0", 1)[0] : token) || `${id}`),
  );
  if (texts.size !== tokens.length) throw corrupt(file.name, 0, "two tokens have the same text");
  for (const key of ["tokenizer.ggml.token_type", "tokenizer.ggml.scores"]) {
    if (!file.metadata.has(key)) continue;
    const length = numbersAt(file.metadata, key)?.length;
    if (length !== rows) throw corrupt(file.name, 0, `${key} has ${length ?? "no"} numbers`);
  }
  for (const kind of specialIds) {
    const id = numberAt(file.metadata, `tokenizer.ggml.${kind}_token_id`);
    if (id !== undefined && !(id >= 0 && id < rows)) {
      throw corrupt(file.name, 0, `tokenizer.ggml.${kind}_token_id is ${id}`);
    }
  }
  const model = textAt(file.metadata, "tokenizer.ggml.model");
  if (model === "gpt2") checkMerges(file);
  else if (model === "llama") checkBytes(file, texts);
  else throw unsupported(file.name, `a tokenizer of the kind "${model ?? "unknown"}"`);
}

function checkMerges(file: GgufFile): void {
  const merges = textsAt(file.metadata, "tokenizer.ggml.merges");
  if (merges === undefined) throw corrupt(file.name, 0, "tokenizer.ggml.merges is missing");
  const broken = merges.find((merge) => merge.indexOf(" ", 1) < 1);
  if (broken === undefined) return;
  throw corrupt(file.name, 0, `the merge ${JSON.stringify(broken.slice(0, 40))} has no two parts`);
}

function checkBytes(file: GgufFile, texts: ReadonlySet<string | undefined>): void {
  for (let byte = 0; byte < 256; byte++) {
    const token = `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
    if (!texts.has(token)) throw corrupt(file.name, 0, `the byte token ${token} is missing`);
  }
}
