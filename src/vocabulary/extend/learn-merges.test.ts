import * as fc from "fast-check";
import { expect, test } from "vitest";
import { learnMerges, type CountedWord, type LearnedMerge } from "./learn-merges.ts";

/** The definition: count all pairs anew before each merge. */
function learnSlowly(words: readonly CountedWord[], firstId: number, most: number): LearnedMerge[] {
  let current = words.map(({ symbols, count }) => ({ symbols: [...symbols], count }));
  const merges: LearnedMerge[] = [];
  while (merges.length < most) {
    const pairs = new Map<string, { left: number; right: number; count: number }>();
    for (const { symbols, count } of current) {
      for (let i = 0; i + 1 < symbols.length; i++) {
        const [left = 0, right = 0] = [symbols[i], symbols[i + 1]];
        const known = pairs.get(`${left} ${right}`)?.count ?? 0;
        pairs.set(`${left} ${right}`, { left, right, count: known + count });
      }
    }
    const [best] = [...pairs.values()].sort(
      (a, b) => b.count - a.count || a.left - b.left || a.right - b.right,
    );
    if (best === undefined || best.count < 2) return merges;
    const id = firstId + merges.length;
    merges.push({ ...best, id });
    current = current.map(({ symbols, count }) => {
      const joined: number[] = [];
      for (let i = 0; i < symbols.length; i++) {
        const fits = symbols[i] === best.left && symbols[i + 1] === best.right;
        joined.push(fits ? id : (symbols[i] ?? 0));
        if (fits) i++;
      }
      return { symbols: joined, count };
    });
  }
  return merges;
}

const words = fc.array(
  fc.record({
    symbols: fc.array(fc.nat(3), { maxLength: 12 }),
    count: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 12 },
);

test("joins the most frequent pair, again and again, whatever the order of the words", () => {
  fc.assert(
    fc.property(words, (corpus) => {
      const accept = (count: number, merges: number): boolean => count >= 2 && merges < 20;
      const learned = learnMerges({ words: corpus, firstId: 10, accept });
      // "aaa" holds two pairs that overlap; counting anew or keeping count must come to the same.
      expect(learned).toEqual(learnSlowly(corpus, 10, 20));
      expect(learnMerges({ words: corpus.toReversed(), firstId: 10, accept })).toEqual(learned);
    }),
    { numRuns: 300 },
  );
});

test("a refused pair is passed over", () => {
  const learned = learnMerges({
    words: [{ symbols: [0, 1, 2], count: 3 }],
    firstId: 3,
    accept: () => true,
    refuse: (left) => left === 0,
  });
  expect(learned).toEqual([{ left: 1, right: 2, id: 3, count: 3 }]);
});
