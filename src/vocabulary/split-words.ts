import { tokenType, wordsPattern, type PreTokenizer } from "../formats/index.ts";
import { isNormal, type TokenTable } from "./token-table.ts";

/** SentencePiece's sign for a space. */
export const spaceSign = "\u2581";

/** Unicode's White_Space, which tokenizers mean by \s; JavaScript's own differs in U+0085 and U+FEFF. */
const space = String.raw`\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

/** Cuts a text into words such that no token reaches over the border of two; joined they are the text. */
export type SplitWords = (text: string) => string[];

/** How a table cuts text into words: its pre-tokenizer's way, or before spaces that no token holds inside. */
export function wordSplitter(table: TokenTable): SplitWords {
  return table.kind === "byte-level" ? splitByPatterns(table.split) : splitBeforeSpaces(table);
}

function splitByPatterns({ steps }: PreTokenizer): SplitWords {
  const patterns = steps.map((step) => {
    if (step.kind === "digits") return /\p{N}/gu;
    return compile(step.kind === "words" ? wordsPattern : step.pattern);
  });
  return (text) => {
    let parts = text === "" ? [] : [text];
    for (const pattern of patterns) parts = parts.flatMap((part) => isolate(part, pattern));
    return parts;
  };
}

function compile(pattern: string): RegExp {
  const source = pattern
    .replaceAll(String.raw`[^\s`, `[^${space}`)
    .replaceAll(String.raw`\s`, `[${space}]`)
    .replaceAll(String.raw`\S`, `[^${space}]`);
  return new RegExp(source, "gu");
}

/** The matches of a pattern and what stands between them, in order. */
function isolate(text: string, pattern: RegExp): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { 0: match, index } of text.matchAll(pattern)) {
    if (index > from) parts.push(text.slice(from, index));
    if (match !== "") parts.push(match);
    from = index + match.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/**
 * SentencePiece joins over whole texts. But where no token holds a space sign after another character,
 * nothing is ever joined there, and the text can be cut. Characters that a token does hold before a space
 * (">" in Gemma's "> </") are exceptions. Takes text whose spaces are signs already.
 */
function splitBeforeSpaces(table: TokenTable): SplitWords {
  const joined = new Set<string>([spaceSign]);
  for (const [id, token] of table.tokens.entries()) {
    if (!isNormal(table, id) && table.types[id] !== tokenType.control) continue;
    for (let at = token.indexOf(spaceSign, 1); at > 0; at = token.indexOf(spaceSign, at + 1)) {
      joined.add(token[at - 1] ?? "");
    }
  }
  return (text) => {
    const words: string[] = [];
    let from = 0;
    for (let at = text.indexOf(spaceSign, 1); at > 0; at = text.indexOf(spaceSign, at + 1)) {
      if (joined.has(text[at - 1] ?? "")) continue;
      words.push(text.slice(from, at));
      from = at;
    }
    if (from < text.length) words.push(text.slice(from));
    return words;
  };
}
