import type { Ranges } from "./pattern-graph.ts";

/** Every character; surrogates are none. */
export const everything: Ranges = [
  [0, 0xd7ff],
  [0xe000, 0x10ffff],
];
export const digits: Ranges = [[0x30, 0x39]];
export const words: Ranges = [...digits, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
/** ECMAScript's WhiteSpace and LineTerminator. */
export const spaces: Ranges = [
  ...[0x20, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff].map(
    (code) => [code, code] as const,
  ),
  [0x09, 0x0d],
  [0x2000, 0x200a],
];
export const lineEnds: Ranges = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];

/** One character; none when it is a surrogate. */
export function single(code: number): Ranges {
  return clip([[code, code]]);
}

/** Surrogates are no characters: they never occur in written text. */
export function clip(ranges: Ranges): Ranges {
  return ranges.flatMap(([low, high]) =>
    everything.flatMap(([first, last]) =>
      low <= last && high >= first ? [[Math.max(low, first), Math.min(high, last)] as const] : [],
    ),
  );
}

/** All characters but these. */
export function invert(ranges: Ranges): Ranges {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const gaps: (readonly [number, number])[] = [];
  let from = 0;
  for (const [low, high] of sorted) {
    if (low > from) gaps.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  gaps.push([from, 0x10ffff]);
  return clip(gaps);
}
