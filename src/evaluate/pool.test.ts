import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../kernel/index.ts";
import type { Answer } from "../schema/index.ts";
import type { AnswerPair } from "./fit-merge.ts";
import { fitPool } from "./fit-pool.ts";
import { poolAnswers } from "./pool-answers.ts";

const labels = ["a", "b", "c", "d"];

function answerOf(scores: readonly number[]): Answer {
  const masses = scores.map(Math.exp);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const options = masses
    .map((mass, i) => ({ output: { kind: labels[i] ?? "" }, probability: mass / total }))
    .sort((x, y) => y.probability - x.probability);
  const [best] = options;
  return {
    output: best?.output,
    confidence: best?.probability ?? 0,
    options,
    milliseconds: 1,
    tokensIn: 1,
    tokensOut: 1,
  };
}

const scores = fc
  .array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: 4, maxLength: 4 })
  .map(answerOf);

test("a pool is a distribution; a member whose weight is 0 has no say; order does not matter", () => {
  fc.assert(
    fc.property(scores, scores, fc.double({ min: 0, max: 3, noNaN: true }), (one, two, weight) => {
      const pooled = poolAnswers(one, two, { kind: "pool", before: weight, after: 1 });
      const total = pooled?.options?.reduce((sum, { probability }) => sum + probability, 0) ?? 0;
      expect(total).toBeGreaterThan(0.99);
      expect(total).toBeLessThanOrEqual(1 + 1e-9);
      const swapped = poolAnswers(two, one, { kind: "pool", before: 1, after: weight });
      expect(swapped?.confidence).toBeCloseTo(pooled?.confidence ?? -1, 9);
      const alone = poolAnswers(one, two, { kind: "pool", before: 0, after: 1 });
      expect(alone?.confidence).toBeCloseTo(two.confidence, 3);
    }),
  );
});

/** Records on which two members see the truth through noise of their own; `scale` overstates what they saw. */
function pairsOf(seed: number, count: number, scale: readonly [number, number]): AnswerPair[] {
  const random = new Random(seed, "pool");
  return Array.from({ length: count }, () => {
    const truth = random.below(4);
    const see = (times: number): Answer =>
      answerOf(labels.map((_, i) => times * ((i === truth ? 2 : 0) + random.normal())));
    const [before, after] = [see(scale[0]), see(scale[1])];
    const isRight = (given: Answer): boolean => given.output?.["kind"] === labels[truth];
    return { before, after, isRight };
  });
}

function rightShare(pairs: readonly AnswerPair[], of: (pair: AnswerPair) => Answer): number {
  return pairs.filter((pair) => pair.isRight(of(pair))).length / pairs.length;
}

test("pooled members are right more often than either, and as sure as they are right", () => {
  // One member shouts: its logarithms are four times too large.
  const map = fitPool(pairsOf(1, 300, [1, 4]));
  if (map === undefined) throw new Error("no pool");
  expect(map.before / map.after).toBeGreaterThan(2.5);
  expect(map.before / map.after).toBeLessThan(6);
  const fresh = pairsOf(2, 4000, [1, 4]);
  const pool = (pair: AnswerPair): Answer => ({
    ...pair.after,
    ...poolAnswers(pair.before, pair.after, map),
  });
  const best = Math.max(
    rightShare(fresh, ({ before }) => before),
    rightShare(fresh, ({ after }) => after),
  );
  const share = rightShare(fresh, pool);
  expect(share).toBeGreaterThan(best + 0.05);
  const sure = fresh.reduce((sum, pair) => sum + pool(pair).confidence, 0) / fresh.length;
  expect(Math.abs(sure - share)).toBeLessThan(0.03);
});

test("without lists of options there is no pool", () => {
  const [pair] = pairsOf(1, 1, [1, 1]);
  if (pair === undefined) throw new Error("no pair");
  const { options: _options, ...bare } = pair.before;
  expect(fitPool([{ ...pair, before: bare }])).toBeUndefined();
  expect(poolAnswers(bare, pair.after, { kind: "pool", before: 1, after: 1 })).toBeUndefined();
});
