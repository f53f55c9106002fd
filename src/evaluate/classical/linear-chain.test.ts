import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../../kernel/index.ts";
import { bestLabels, scoreLabels, sumChain, type ChainScores } from "./linear-chain.ts";
import { packRows } from "./sparse.ts";
import { statesOf, taggerObjective } from "./tagger-objective.ts";

const chains = fc
  .record({
    length: fc.integer({ min: 1, max: 5 }),
    labels: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(),
  })
  .map(({ length, labels, seed }): ChainScores => {
    const random = new Random(seed, "chain");
    const draw = (count: number) => Float64Array.from({ length: count }, () => 3 * random.normal());
    return { length, labels, emissions: draw(length * labels), transitions: draw(labels * labels) };
  });

/** Every labelling of a tiny chain. */
function* allPaths({ length, labels }: ChainScores): Generator<number[]> {
  for (let code = 0; code < labels ** length; code++) {
    yield Array.from({ length }, (_, t) => Math.floor(code / labels ** t) % labels);
  }
}

test("the partition and the marginals equal sums over all labellings", () => {
  fc.assert(
    fc.property(chains, (scores) => {
      const paths = [...allPaths(scores)];
      const logPartition = Math.log(
        paths.reduce((total, path) => total + Math.exp(scoreLabels(scores, path)), 0),
      );
      const found = sumChain(scores);
      expect(found.logPartition).toBeCloseTo(logPartition, 9);
      const nodes = new Float64Array(scores.length * scores.labels);
      for (const path of paths) {
        const probability = Math.exp(scoreLabels(scores, path) - logPartition);
        for (const [t, y] of path.entries()) {
          nodes[t * scores.labels + y] = (nodes[t * scores.labels + y] ?? 0) + probability;
        }
      }
      for (const [i, value] of nodes.entries()) expect(found.nodes[i]).toBeCloseTo(value, 9);
    }),
    { numRuns: 60 },
  );
});

test("the best labelling beats every other", () => {
  fc.assert(
    fc.property(chains, (scores) => {
      const best = Math.max(...[...allPaths(scores)].map((path) => scoreLabels(scores, path)));
      expect(scoreLabels(scores, bestLabels(scores))).toBeCloseTo(best, 9);
    }),
    { numRuns: 60 },
  );
});

test("a long chain with extreme scores neither over- nor underflows", () => {
  const length = 2_000;
  const emissions = Float64Array.from({ length: 2 * length }, (_, i) => (i % 2 === 0 ? 400 : -400));
  const scores = { length, labels: 2, emissions, transitions: new Float64Array(4) };
  const { logPartition, nodes } = sumChain(scores);
  expect(logPartition).toBeCloseTo(400 * length, 3);
  expect(nodes.every(Number.isFinite)).toBe(true);
});

test("the tagger's gradient equals finite differences", () => {
  const rows = packRows(
    [
      new Map([[0, 1]]),
      new Map([
        [1, 1],
        [2, 0.7],
      ]),
      new Map([[2, 1]]),
      new Map([[0, 0.5]]),
      new Map(),
    ],
    3,
  );
  const data = {
    rows,
    sequences: Int32Array.of(0, 3, 5),
    gold: Int32Array.of(0, 3, 4, 4, 2),
    states: statesOf(2),
  };
  const objective = taggerObjective(data, 2);
  const random = new Random(2, "tagger");
  const weights = Float64Array.from({ length: 34 }, () => random.normal());
  const gradient = new Float64Array(34);
  objective(weights, gradient);
  const scratch = new Float64Array(34);
  for (let i = 0; i < 34; i++) {
    const moved = (by: number) => weights.map((weight, j) => (i === j ? weight + by : weight));
    const slope = (objective(moved(1e-5), scratch) - objective(moved(-1e-5), scratch)) / 2e-5;
    expect(gradient[i]).toBeCloseTo(slope, 8);
  }
});
