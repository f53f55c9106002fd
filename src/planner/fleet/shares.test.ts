import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shareBatch, type RoundCost } from "./share-batch.ts";
import { shareLayers, type StageCost } from "./share-layers.ts";

/** All ways to write `total` as a sum of `parts` numbers of at least one. */
function* compositions(total: number, parts: number): Generator<readonly number[]> {
  if (parts === 1) {
    if (total >= 1) yield [total];
    return;
  }
  for (let first = 1; first <= total - parts + 1; first++) {
    for (const rest of compositions(total - first, parts - 1)) yield [first, ...rest];
  }
}

const time = fc.double({ min: 0.01, max: 10, noNaN: true });

describe("layers over stages", () => {
  const slowest = (stages: readonly StageCost[], shares: readonly number[]): number =>
    Math.max(
      ...stages.map(({ fixed, perLayer }, index) => fixed + (shares[index] ?? 0) * perLayer),
    );

  test("are shared as well as by trying everything", () => {
    const stage = fc.record({ perLayer: time, fixed: time, most: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(
        fc.array(stage, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 12 }),
        (stages, layers) => {
          const fitting = [...compositions(layers, stages.length)].filter((shares) =>
            shares.every((share, index) => share <= (stages[index]?.most ?? 0)),
          );
          const best = Math.min(...fitting.map((shares) => slowest(stages, shares)));
          const shares = shareLayers(stages, layers);
          if (shares === undefined) expect(fitting).toEqual([]);
          else expect(slowest(stages, shares)).toBeCloseTo(best, 12);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("sequences over groups", () => {
  test("are all taken, and end as early as they can", () => {
    const group = fc.record({ start: time, perRound: time });
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(1, 2),
        fc.integer({ min: 1, max: 12 }),
        (lines, size, rounds) => {
          const groups: RoundCost[] = lines.map((line) => ({ ...line, sequences: size }));
          const shares = shareBatch(groups, rounds * size);
          const all = [...compositions(rounds, groups.length)];
          const end = (given: readonly number[]): number =>
            Math.max(
              ...groups.map(({ start, perRound }, index) => start + (given[index] ?? 0) * perRound),
            );
          if (shares === undefined) {
            expect(all).toEqual([]);
            return;
          }
          expect(shares.reduce((sum, share) => sum + share * size, 0)).toBe(rounds * size);
          expect(end(shares)).toBeCloseTo(Math.min(...all.map(end)), 12);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("a batch that does not divide is refused", () => {
    const cost = { start: 0, perRound: 1, sequences: 4 };
    expect(shareBatch([cost, cost], 10)).toBeUndefined();
    expect(shareBatch([cost, cost], 4)).toBeUndefined();
  });
});
