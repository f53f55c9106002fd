import { sha256 } from "../../kernel/index.ts";

/** About a quarter of all sources, chosen by the digest of their name so that nobody chose them. */
export function isHeldOut(group: string): boolean {
  return Number.parseInt(sha256(group).slice(0, 2), 16) % 4 === 0;
}

/** Coefficients as a file keeps them: five digits are more than a fit knows. */
export function rounded(table: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(table).map(([key, value]) => [key, Number(value.toPrecision(5))]),
  );
}

/** Intervals as a file keeps them, low and high to four decimals. */
export function roundedPairs(
  intervals: Readonly<Record<string, readonly [number, number]>>,
): Record<string, [number, number]> {
  return Object.fromEntries(
    Object.entries(intervals).map(([key, [low, high]]) => [
      key,
      [Number(low.toFixed(4)), Number(high.toFixed(4))] as [number, number],
    ]),
  );
}
