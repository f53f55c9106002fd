import type { GgufValue } from "../gguf/value.ts";
import { refuse } from "./config-file.ts";
import type { ModelFolder } from "./folder.ts";
import { flatten, patternOf, type TokenizerFile, type TokenizerPart } from "./tokenizer-file.ts";
import { tokenType } from "../token-type.ts";
import { readMerges, type Vocabulary } from "./vocabulary.ts";

/** SentencePiece's sign for a space. */
const space = "\u2581";
/** Share of a tokenizer's possible merges that may be missing from its list. */
const maximalMissing = 0.02;

/**
 * Metadata of a SentencePiece-style tokenizer (Gemma, Llama 2, Mistral). llama.cpp merges the neighbours
 * whose joint piece scores best; the score of a piece is the negative rank of its first merge, which gives
 * the same order. `base-unsupported` when the merges are not SentencePiece's.
 */
export function sentencePieceMetadata(
  folder: ModelFolder,
  file: TokenizerFile,
  vocabulary: Vocabulary,
): [string, GgufValue][] {
  if (file.model.byte_fallback !== true) {
    throw refuse(folder, "a tokenizer without byte-level splits and without byte fallback");
  }
  const { tokens, types } = vocabulary;
  const merges = readMerges(folder, file);
  checkMerges(folder, vocabulary, merges);
  for (const [id, type] of types.entries()) {
    // User-defined tokens are matched against the text itself, before spaces are replaced.
    if (type === tokenType.userDefined) tokens[id] = tokens[id]?.replaceAll(space, " ") ?? "";
  }
  return [
    ["tokenizer.ggml.model", { kind: "text", value: "llama" }],
    ["tokenizer.ggml.pre", { kind: "text", value: "default" }],
    ["tokenizer.ggml.scores", { kind: "array", element: "f32", value: scores(tokens, merges) }],
    ["tokenizer.ggml.add_space_prefix", { kind: "bool", value: prefixesSpace(folder, file) }],
  ];
}

function scores(
  tokens: readonly string[],
  merges: readonly (readonly [string, string])[],
): Float32Array {
  const rank = new Map<string, number>();
  for (const [left, right] of merges) {
    const piece = left + right;
    // Ranks count pieces, not merges: whole numbers up to 2^24 stay exact in f32.
    if (!rank.has(piece)) rank.set(piece, rank.size);
  }
  return Float32Array.from(tokens, (token) => -(rank.get(token) ?? rank.size));
}

/**
 * llama.cpp joins any two neighbours whose concatenation is a piece; Hugging Face only the listed pairs.
 * The two agree when every way to cut a piece into two pieces is listed.
 */
function checkMerges(
  folder: ModelFolder,
  { tokens, types }: Vocabulary,
  merges: readonly (readonly [string, string])[],
): void {
  const normal = new Set(tokens.filter((_, id) => types[id] === tokenType.normal));
  const listed = new Set(merges.map(([left, right]) => `${left}\u0000${right}`));
  let possible = 0;
  let missing = 0;
  for (const piece of normal) {
    for (let at = 1; at < piece.length; at++) {
      const [left, right] = [piece.slice(0, at), piece.slice(at)];
      if (!normal.has(left) || !normal.has(right)) continue;
      possible++;
      if (!listed.has(`${left}\u0000${right}`)) missing++;
    }
  }
  if (missing <= possible * maximalMissing) return;
  throw refuse(
    folder,
    `the tokenizer's merges are not SentencePiece's (${missing} of ${possible} possible ones are missing), so llama.cpp would cut text differently`,
  );
}

/** Whether a text gets a space before its first word. */
function prefixesSpace(folder: ModelFolder, file: TokenizerFile): boolean {
  let prefix = false;
  for (const step of flatten(file.normalizer)) {
    if (step.type === "Prepend" && step["prepend"] === space) prefix = true;
    else if (!isSpaceReplacement(step)) throw refuse(folder, `the normalizer ${step.type}`);
  }
  for (const step of flatten(file.pre_tokenizer)) {
    if (step.type === "Metaspace") prefix ||= metaspacePrefixes(step);
    else if (step.type !== "Split" || ![" ", space].includes(patternOf(step))) {
      throw refuse(folder, `the pre-tokenizer ${step.type}`);
    }
  }
  return prefix;
}

function isSpaceReplacement(step: TokenizerPart): boolean {
  return step.type === "Replace" && patternOf(step) === " " && step["content"] === space;
}

function metaspacePrefixes(step: TokenizerPart): boolean {
  const scheme = step["prepend_scheme"];
  return scheme === undefined ? step["add_prefix_space"] !== false : scheme !== "never";
}
