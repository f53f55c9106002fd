import type { JsonObject } from "../../kernel/index.ts";

/** A piece of the input that a label can be put on. */
export interface Token {
  readonly text: string;
  /** Offsets in the joined text. */
  readonly start: number;
  readonly end: number;
  /** Index of the input property that it lies in; no span crosses from one to the next. */
  readonly segment: number;
}

/** The texts of an input, joined, and their tokens. */
export interface TokenText {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/**
 * How finely a text is cut. `words`: runs of letters and digits, single marks, single characters of
 * scripts without spaces. `pieces`: besides, between letters and digits. `characters`: each alone.
 */
export type Granularity = "words" | "pieces" | "characters";
export const granularities: readonly Granularity[] = ["words", "pieces", "characters"];

/** Longer inputs are cut here, so that time and memory of one answer stay bounded. */
const maxTokens = 2_000;

const alone = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}]";
const patterns: Readonly<Record<Granularity, RegExp>> = {
  words: new RegExp(`${alone}|(?:(?!${alone})[\\p{L}\\p{M}\\p{N}_])+|\\S`, "gu"),
  pieces: new RegExp(`${alone}|(?:(?!${alone})[\\p{L}\\p{M}])+|\\p{N}+|\\S`, "gu"),
  characters: /\S/gu,
};

/** Cuts the texts of an input into tokens. */
export function tokenize(input: JsonObject, granularity: Granularity): TokenText {
  const tokens: Token[] = [];
  let joined = "";
  let segment = 0;
  for (const value of Object.values(input)) {
    if (typeof value !== "string") continue;
    for (const match of value.matchAll(patterns[granularity])) {
      if (tokens.length === maxTokens) break;
      const start = joined.length + match.index;
      tokens.push({ text: match[0], start, end: start + match[0].length, segment });
    }
    joined += `${value}\n`;
    segment++;
  }
  return { text: joined, tokens };
}
