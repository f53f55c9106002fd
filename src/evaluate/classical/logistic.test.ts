import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../../kernel/index.ts";
import {
  classProbabilities,
  iterationBound,
  logisticObjective,
  trainLogistic,
} from "./logistic.ts";
import { packRows } from "./sparse.ts";

const rows = packRows(
  [
    new Map([
      [0, 1],
      [2, 0.5],
    ]),
    new Map([[1, 1]]),
    new Map([
      [2, -0.7],
      [3, 0.2],
    ]),
    new Map([
      [0, 0.3],
      [1, 0.3],
      [3, 0.9],
    ]),
    new Map(),
  ],
  4,
);
const data = { rows, labels: Int32Array.of(0, 1, 2, 1, 0), classes: 3 };

test("the gradient equals finite differences", () => {
  const objective = logisticObjective(data, 2);
  const random = new Random(1, "logistic");
  const weights = Float64Array.from({ length: 15 }, () => random.normal());
  const gradient = new Float64Array(15);
  objective(weights, gradient);
  const scratch = new Float64Array(15);
  for (let i = 0; i < 15; i++) {
    const moved = (by: number) => weights.map((weight, j) => (i === j ? weight + by : weight));
    const slope = (objective(moved(1e-5), scratch) - objective(moved(-1e-5), scratch)) / 2e-5;
    expect(gradient[i]).toBeCloseTo(slope, 8);
  }
});

test("probabilities are positive and sum to 1", () => {
  const column = fc.tuple(fc.nat(3), fc.double({ min: -50, max: 50, noNaN: true }));
  const weights = trainLogistic(data, { inversePenalty: 30 });
  fc.assert(
    fc.property(fc.array(column), (entries) => {
      const probabilities = classProbabilities(new Map(entries), weights, 3);
      const total = probabilities.reduce((sum, value) => sum + value, 0);
      expect(total).toBeCloseTo(1, 9);
      expect(probabilities.every((value) => value >= 0)).toBe(true);
    }),
  );
});

test("one class needs no weights", () => {
  const single = { rows, labels: new Int32Array(5), classes: 1 };
  const weights = trainLogistic(single, { inversePenalty: 30 });
  expect([...classProbabilities(new Map(), weights, 1)]).toEqual([1]);
});

test("large data are given fewer iterations, never fewer than 25", () => {
  expect(iterationBound(data)).toBe(300);
  const large = {
    starts: new Int32Array(2),
    indices: new Int32Array(5_000_000),
    values: new Float64Array(0),
  };
  expect(iterationBound({ ...data, rows: { ...large, columns: 100_000 }, classes: 100 })).toBe(25);
});
