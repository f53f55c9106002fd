import type { Token } from "./tokens.ts";

/**
 * What is said of each token, in words such as `word=main`: general properties only (identity,
 * shape, ends, digits, marks, place, neighbours), nothing of any one domain or language.
 */
export function describeTokens(tokens: readonly Token[]): string[][] {
  const words = tokens.map(({ text }) => text.toLowerCase());
  const shapes = tokens.map(({ text }) => shapeOf(text));
  const marks = countMarks(tokens);
  return tokens.map((token, i) => {
    const features: string[] = ["always"];
    describeItself(token.text, words[i] ?? "", shapes[i] ?? "", features);
    for (const offset of [-2, -1, 1, 2]) {
      const near = tokens[i + offset]?.segment === token.segment ? i + offset : -1;
      const [word, shape] = near < 0 ? ["", ""] : [words[near] ?? "", shapes[near] ?? ""];
      features.push(`word${offset}=${word}`, `shape${offset}=${shape}`);
    }
    const [before, after] = [words[i - 1] ?? "", words[i + 1] ?? ""];
    features.push(`pair-=${before} ${words[i]}`, `pair+=${words[i]} ${after}`);
    features.push(`shapes=${shapes[i - 1] ?? ""} ${shapes[i]} ${shapes[i + 1] ?? ""}`);
    features.push(
      `glued=${tokens[i - 1]?.end === token.start}${tokens[i + 1]?.start === token.end}`,
    );
    features.push(`first=${Math.min(i, 4)}`, `last=${Math.min(tokens.length - 1 - i, 4)}`);
    features.push(`tenth=${Math.floor((10 * i) / tokens.length)}`);
    features.push(`marks=${Math.min(marks[i] ?? 0, 4)}/${Math.min(marks.at(-1) ?? 0, 4)}`);
    if (token.segment > 0 || tokens.at(-1)?.segment !== 0)
      features.push(`segment=${token.segment}`);
    return features;
  });
}

function describeItself(text: string, word: string, shape: string, features: string[]): void {
  features.push(`word=${word}`, `shape=${shape}`);
  const length = Array.from(word).length;
  features.push(`length=${Math.min(length, 12)}`);
  for (let n = 1; n <= 3 && n < word.length; n++) {
    features.push(`start=${word.slice(0, n)}`, `end=${word.slice(-n)}`);
  }
  if (/\p{N}/u.test(text)) features.push(`digits=${text.replace(/\P{N}/gu, "").length}`);
  if (/^\P{Ll}+$/u.test(text) && /\p{Lu}/u.test(text)) features.push("capitals");
}

/** Classes of characters in a row, runs of more than two cut to two: `Xxx`, `dd`, `X`, `,`. */
function shapeOf(text: string): string {
  return text
    .replace(/\p{Lu}/gu, "X")
    .replace(/\p{Ll}/gu, "x")
    .replace(/\p{N}/gu, "d")
    .replace(/(?![Xxd])[\p{L}\p{M}]/gu, "c")
    .replace(/([Xxdc])\1{2,}/g, "$1$1");
}

/** Number of single marks (no letter, no digit) up to each token. */
function countMarks(tokens: readonly Token[]): number[] {
  let count = 0;
  return tokens.map(({ text }) => (count += /[\p{L}\p{N}]/u.test(text) ? 0 : 1));
}
