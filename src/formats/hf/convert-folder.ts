import type { GgufMetadata } from "../gguf/value.ts";
import type { TensorToWrite } from "../gguf/write.ts";
import { encodeBlocks } from "../blocks/encode-blocks.ts";
import { corrupt } from "../corrupt.ts";
import { byteLevelMetadata, isByteLevel } from "./byte-level.ts";
import { configMetadata, headWidthOf } from "./config-metadata.ts";
import { readConfigFile, refuse } from "./config-file.ts";
import { convertTensors } from "./convert-tensors.ts";
import type { ModelFolder } from "./folder.ts";
import { readRope } from "./rope.ts";
import { sentencePieceMetadata } from "./sentence-piece.ts";
import { openShards } from "./shards.ts";
import { specialTokenMetadata } from "./special-tokens.ts";
import { readTokenizerConfig, readTokenizerFile } from "./tokenizer-file.ts";
import { readVocabulary } from "./vocabulary.ts";

/**
 * A Hugging Face folder as the parts of a GGUF that llama.cpp loads: matrices in F16, vectors in F32,
 * conventions as `Weights` states them. `base-unsupported` names what is not supported, `format-corrupt`
 * what is damaged.
 */
export function convertFolder(folder: ModelFolder): {
  readonly metadata: GgufMetadata;
  readonly tensors: readonly TensorToWrite[];
} {
  const { family, config } = readConfigFile(folder);
  const headWidth = headWidthOf(config);
  if (!Number.isInteger(headWidth) || headWidth % 2 !== 0) {
    throw corrupt(`${folder.name}/config.json`, 0, `an attention head would be ${headWidth} wide`);
  }
  const rope = readRope(folder, config, headWidth);
  const tensors = convertTensors(folder, family, config, openShards(folder));
  const rows = tensors.find(({ name }) => name === "token_embd.weight")?.shape[0];
  if (rows === undefined) throw corrupt(folder.name, 0, "the token embedding is missing");
  const isTied = config.tie_word_embeddings ?? family === "gemma3";
  if (!isTied && !tensors.some(({ name }) => name === "output.weight")) {
    throw refuse(folder, "lm_head.weight is missing though config.json says it is not tied");
  }
  const { divisors } = rope;
  if (divisors !== undefined) {
    tensors.push({
      name: "rope_freqs.weight",
      shape: [divisors.length],
      encoding: "F32",
      data: () => encodeBlocks("F32", divisors),
    });
  }
  const metadata = configMetadata(folder, family, { ...config, vocab_size: rows }, rope);
  const file = readTokenizerFile(folder);
  if (file.model.type !== "BPE") throw refuse(folder, `a tokenizer of type ${file.model.type}`);
  const vocabulary = readVocabulary(folder, file, rows);
  const special = specialTokenMetadata(
    folder,
    file,
    readTokenizerConfig(folder),
    config,
    vocabulary,
  );
  const entries = isByteLevel(file)
    ? byteLevelMetadata(folder, file)
    : sentencePieceMetadata(folder, file, vocabulary);
  const { tokens, types } = vocabulary;
  metadata.set("tokenizer.ggml.tokens", { kind: "array", element: "text", value: tokens });
  metadata.set("tokenizer.ggml.token_type", { kind: "array", element: "i32", value: types });
  for (const [key, value] of [...entries, ...special]) metadata.set(key, value);
  return { metadata, tensors };
}
