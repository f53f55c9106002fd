import { expect, test } from "vitest";
import * as fc from "fast-check";
import { mergeSymbols } from "./merge-symbols.ts";

/** The definition, in quadratic time: join the best pair, the leftmost of equals, and look again. */
function mergeSlowly(
  symbols: readonly string[],
  rank: (left: string, right: string) => number | undefined,
): string[] {
  const texts = [...symbols];
  for (;;) {
    let best: { readonly at: number; readonly rank: number } | undefined;
    for (let at = 0; at + 1 < texts.length; at++) {
      const found = rank(texts[at] ?? "", texts[at + 1] ?? "");
      if (found !== undefined && (best === undefined || found < best.rank))
        best = { at, rank: found };
    }
    if (best === undefined) return texts;
    texts.splice(best.at, 2, `${texts[best.at]}${texts[best.at + 1]}`);
  }
}

const piece = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 2, maxLength: 5 });

test("joins the best pair first, the leftmost of equals", () => {
  fc.assert(
    fc.property(
      fc.dictionary(piece, fc.nat(6), { maxKeys: 20 }),
      fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 24 }),
      (ranks, symbols) => {
        const rank = (left: string, right: string): number | undefined => ranks[left + right];
        expect(mergeSymbols(symbols, rank)).toEqual(mergeSlowly(symbols, rank));
      },
    ),
  );
});

test("a hundred thousand equal symbols take no quadratic time", () => {
  const rank = (left: string, right: string): number | undefined =>
    left.length === right.length && left.length < 16 ? left.length : undefined;
  const symbols: string[] = Array.from({ length: 100_000 }, () => "x");
  expect(mergeSymbols(symbols, rank)).toHaveLength(100_000 / 16);
});
