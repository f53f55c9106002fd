import { textAt, tokenType, type GgufMetadata } from "../formats/index.ts";

/**
 * Names that llama.cpp takes for control tokens whatever the file says of them, because they end a text
 * or frame infilled code. Source: llama.cpp, src/llama-vocab.cpp, llama_vocab::impl::load.
 */
const alwaysControl: ReadonlySet<string> = new Set([
  "<|eot_id|>",
  "<|im_end|>",
  "<|end|>",
  "<|return|>",
  "<|call|>",
  "<|flush|>",
  "<|calls|>",
  "<end_of_turn>",
  "<|endoftext|>",
  "</s>",
  "<|eom_id|>",
  "<EOT>",
  "_<EOT>",
  "[EOT]",
  "[EOS]",
  "<|end_of_text|>",
  "<end_of_utterance>",
  "<\uff5cend\u2581of\u2581sentence\uff5c>",
  "<|fim_prefix|>",
  "<|fim_suffix|>",
  "<|fim_middle|>",
  "<|fim_pad|>",
  "<|repo_name|>",
  "<|file_sep|>",
  "<fim-prefix>",
  "<fim-suffix>",
  "<fim-middle>",
  "<fim_prefix>",
  "<fim_suffix>",
  "<fim_middle>",
]);

/** Names of rows that were never trained: room for later, and fillers up to a round number. */
const spareName = /unused|reserved|^\[PAD\d*\]$|^<extra_id_\d+>$|^<dummy\d*>$/i;

/** Token types as llama.cpp will see them. */
export function effectiveTypes(tokens: readonly string[], types: ArrayLike<number>): Int32Array {
  return Int32Array.from(types, (type, id) =>
    alwaysControl.has(tokens[id] ?? "") ? tokenType.control : type,
  );
}

/** Whether a control or unused token can be dropped: neither named by the metadata nor by the chat template. */
export function isSpare(
  token: string,
  id: number,
  named: ReadonlySet<number>,
  chatTemplate: string,
): boolean {
  return spareName.test(token) && !named.has(id) && !chatTemplate.includes(token);
}

/** Ids that the metadata gives a role: begin and end of text, of turns, padding and so on. */
export function namedIds(metadata: GgufMetadata): Set<number> {
  const ids = new Set<number>();
  for (const [key, entry] of metadata) {
    if (isTokenId(key) && typeof entry.value === "number") ids.add(entry.value);
    if (isTokenIdList(key) && entry.kind === "array") {
      for (const id of Array.from(entry.value as ArrayLike<unknown>)) {
        if (typeof id === "number") ids.add(id);
      }
    }
  }
  return ids;
}

/** `tokenizer.ggml.bos_token_id` and its like hold one id, `tokenizer.ggml.eog_token_ids` several. */
export function isTokenId(key: string): boolean {
  return /^tokenizer\.ggml\..*_token_id$/.test(key);
}

export function isTokenIdList(key: string): boolean {
  return /^tokenizer\.ggml\..*_token_ids$/.test(key);
}

/** The chat templates of a file, joined: what they spell out must stay a token. */
export function chatTemplates(metadata: GgufMetadata): string {
  return [...metadata.keys()]
    .filter((key) => key.startsWith("tokenizer.chat_template"))
    .map((key) => textAt(metadata, key) ?? "")
    .join("\n");
}
