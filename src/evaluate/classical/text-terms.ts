import type { JsonObject } from "../../kernel/index.ts";

/** The two views of a text that the classifier weighs: words (1-2) and character n-grams (2-5). */
export interface TextTerms {
  readonly words: readonly string[];
  readonly characters: readonly string[];
}

/** Longer inputs are cut: their first characters decide a class, and cost stays bounded. */
const maxCharacters = 20_000;

/** One text of an input: its texts joined by newlines. */
export function textOf(input: JsonObject): string {
  return Object.values(input)
    .filter((value) => typeof value === "string")
    .join("\n")
    .slice(0, maxCharacters);
}

/** Terms of an input: n-grams of its texts; other values as words `name=value`. */
export function extractTerms(input: JsonObject): TextTerms {
  const text = textOf(input).toLowerCase();
  const words = wordGrams(text);
  for (const [name, value] of Object.entries(input)) {
    if (typeof value === "string") continue;
    for (const item of Array.isArray(value) ? value : [value])
      words.push(`${name}=${JSON.stringify(item)}`);
    // Neighbouring sizes should share evidence, so a number's magnitude is a word too.
    if (typeof value === "number") {
      words.push(`${name}~${Math.sign(value) * Math.floor(Math.log2(1 + Math.abs(value)))}`);
    }
  }
  return { words, characters: characterGrams(text) };
}

const scriptWithoutSpaces =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}/u;
const wordPattern = new RegExp(
  `${scriptWithoutSpaces.source}|(?:(?!${scriptWithoutSpaces.source})[\\p{L}\\p{N}_])+`,
  "gu",
);

/**
 * Words and pairs of words. As scikit-learn's `\b\w\w+\b` for spaced scripts: words of two letters
 * or more; where a script has no spaces each character is a word.
 */
function wordGrams(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.matchAll(wordPattern)) {
    if (word.length > 1 || scriptWithoutSpaces.test(word)) words.push(word);
  }
  const pairs = words.slice(1).map((word, i) => `${words[i]} ${word}`);
  return [...words, ...pairs];
}

/** Character 2- to 5-grams inside words padded by one space (scikit-learn's `char_wb`). */
function characterGrams(text: string): string[] {
  const grams: string[] = [];
  for (const word of text.split(/\s+/u)) {
    if (word === "") continue;
    const padded = Array.from(` ${word} `);
    for (let n = 2; n <= 5; n++) {
      for (let i = 0; i === 0 || i + n <= padded.length; i++) {
        grams.push(padded.slice(i, i + n).join(""));
      }
      if (padded.length <= n) break;
    }
  }
  return grams;
}
