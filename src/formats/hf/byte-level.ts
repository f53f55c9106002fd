import type { GgufValue } from "../gguf/value.ts";
import { refuse } from "./config-file.ts";
import type { ModelFolder } from "./folder.ts";
import { flatten, patternOf, type TokenizerFile } from "./tokenizer-file.ts";
import { readMerges } from "./vocabulary.ts";

/**
 * How each of llama.cpp's pre-tokenizers splits text before byte-level merges, as tokenizer.json spells
 * it. Source: the patterns in llama.cpp's src/llama-vocab.cpp and the models' own files.
 */
const splitLetters = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`;
const splitRest = String.raw` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const tekkenWords = String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`;
const tekkenRest = String.raw` ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

interface PreTokenizer {
  readonly steps: string;
  /** Whether a word that is a token itself is taken without merging; decides between twins. */
  readonly wholeWords?: boolean;
  readonly pre: string;
}

const preTokenizers: readonly PreTokenizer[] = [
  { steps: "bytes:words", pre: "gpt-2" },
  { steps: "digits:each bytes:words", pre: "smollm" },
  {
    steps: String.raw`split:${contractions}|${splitLetters}|\p{N}|${splitRest} bytes`,
    pre: "qwen2",
  },
  {
    steps: String.raw`split:${contractions}|${splitLetters}|\p{N}{1,3}|${splitRest} bytes`,
    wholeWords: true,
    pre: "llama-bpe",
  },
  {
    steps: String.raw`split:${contractions}|${splitLetters}|\p{N}{1,3}|${splitRest} bytes`,
    wholeWords: false,
    pre: "smaug-bpe",
  },
  {
    steps: String.raw`split:${tekkenWords}|\p{N}|${tekkenRest} bytes`,
    wholeWords: true,
    pre: "tekken",
  },
];

/** Whether the tokenizer works on bytes spelled as letters (GPT-2's way). */
export function isByteLevel(file: TokenizerFile): boolean {
  return flatten(file.pre_tokenizer).some(({ type }) => type === "ByteLevel");
}

/** Metadata of a byte-level tokenizer beyond tokens and types; `base-unsupported` for an unknown split. */
export function byteLevelMetadata(folder: ModelFolder, file: TokenizerFile): [string, GgufValue][] {
  const merges = readMerges(folder, file).map(([left, right]) => {
    if (left.includes(" ") || right.includes(" ")) {
      throw refuse(folder, "merges with spaces in a byte-level tokenizer");
    }
    return `${left} ${right}`;
  });
  return [
    ["tokenizer.ggml.model", { kind: "text", value: "gpt2" }],
    ["tokenizer.ggml.pre", { kind: "text", value: detectPreTokenizer(folder, file) }],
    ["tokenizer.ggml.merges", { kind: "array", element: "text", value: merges }],
    ["tokenizer.ggml.add_space_prefix", { kind: "bool", value: false }],
  ];
}

function detectPreTokenizer(folder: ModelFolder, file: TokenizerFile): string {
  for (const step of flatten(file.normalizer)) {
    // llama.cpp does not normalize; NFC leaves text that is in NFC already, which nearly all is.
    if (step.type !== "NFC") throw refuse(folder, `the tokenizer's normalizer ${step.type}`);
  }
  const steps = flatten(file.pre_tokenizer).map(describeStep).join(" ");
  const wholeWords = file.model.ignore_merges === true;
  const found = preTokenizers.find(
    (known) => known.steps === steps && (known.wholeWords ?? wholeWords) === wholeWords,
  );
  if (found !== undefined) return found.pre;
  throw refuse(
    folder,
    `the tokenizer splits text in a way that is not known here (${steps}); known are ${preTokenizers.map(({ pre }) => pre).join(", ")}`,
  );
}

function describeStep(step: ReturnType<typeof flatten>[number]): string {
  switch (step.type) {
    case "ByteLevel": {
      const prefix = step["add_prefix_space"] === true ? ":prefix" : "";
      return `bytes${step["use_regex"] === false ? "" : ":words"}${prefix}`;
    }
    case "Digits":
      return step["individual_digits"] === true ? "digits:each" : "digits:runs";
    case "Split":
      return step["behavior"] === "Isolated" && step["invert"] !== true
        ? `split:${patternOf(step)}`
        : `split:${String(step["behavior"])}:${patternOf(step)}`;
    default:
      return step.type;
  }
}
