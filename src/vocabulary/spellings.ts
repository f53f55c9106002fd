import { spaceSign } from "./split-words.ts";
import type { TokenTable } from "./token-table.ts";

/** A space as byte-level vocabularies spell it: the letter of byte 0x20. */
const spaceLetter = "\u0120";

/**
 * Tokens that spell the same letters as a token in another way: with or without a space before, in small
 * letters, capitals, or with a first capital. What stands inside a sentence may begin the next one.
 */
export function otherSpellings(table: TokenTable, id: number): number[] {
  const space = table.kind === "byte-level" ? spaceLetter : spaceSign;
  const token = table.tokens[id] ?? "";
  const word = token.startsWith(space) ? token.slice(space.length) : token;
  if (!/^\p{L}+$/u.test(word)) return [];
  const [first = "", ...rest] = Array.from(word);
  const spelled = new Set([
    word,
    word.toLowerCase(),
    word.toUpperCase(),
    first.toUpperCase() + rest.join("").toLowerCase(),
  ]);
  return [...spelled].flatMap((one) =>
    [one, space + one].flatMap((text) => table.ids.get(text) ?? []),
  );
}
