/** How a byte-level tokenizer splits text into words before it merges letters. */
export interface PreTokenizer {
  /** llama.cpp's name (`tokenizer.ggml.pre`). */
  readonly pre: string;
  /** Steps as tokenizer.json spells them: each splits what the one before left whole. */
  readonly steps: readonly SplitStep[];
  /** Whether a word that is a token itself is taken without merging; decides between twins. */
  readonly wholeWords?: boolean;
}

/** `digits`: each numeral apart; `pattern`: each match apart; `words`: GPT-2's own pattern. */
export type SplitStep =
  | { readonly kind: "digits" }
  | { readonly kind: "words" }
  | { readonly kind: "pattern"; readonly pattern: string };

const letters = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`;
const rest = String.raw` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const tekkenWords = String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`;
const tekkenRest = String.raw` ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const threeDigits = String.raw`${contractions}|${letters}|\p{N}{1,3}|${rest}`;

/** GPT-2's pattern, which `words` stands for (openai/gpt-2, src/encoder.py). */
export const wordsPattern = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/**
 * Every way of splitting that is known here. Source: the patterns in llama.cpp's src/llama-vocab.cpp and
 * the models' own tokenizer.json files.
 */
export const preTokenizers: readonly PreTokenizer[] = [
  { pre: "gpt-2", steps: [{ kind: "words" }] },
  { pre: "smollm", steps: [{ kind: "digits" }, { kind: "words" }] },
  {
    pre: "qwen2",
    steps: [{ kind: "pattern", pattern: String.raw`${contractions}|${letters}|\p{N}|${rest}` }],
  },
  { pre: "llama-bpe", steps: [{ kind: "pattern", pattern: threeDigits }], wholeWords: true },
  { pre: "smaug-bpe", steps: [{ kind: "pattern", pattern: threeDigits }], wholeWords: false },
  {
    pre: "tekken",
    steps: [{ kind: "pattern", pattern: String.raw`${tekkenWords}|\p{N}|${tekkenRest}` }],
    wholeWords: true,
  },
];
