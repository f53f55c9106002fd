import { expect, test } from "vitest";
import { conformalIntervals, intervalOf } from "./conformal.ts";
import { solveLeastSquares, solveSymmetric } from "./least-squares.ts";

test("a symmetric system is solved", () => {
  const x = solveSymmetric(Float64Array.of(4, 2, 2, 3), Float64Array.of(10, 9), 2);
  expect(x[0]).toBeCloseTo(1.5, 9);
  expect(x[1]).toBeCloseTo(2, 9);
});

test("a curve's parameters are found again", () => {
  const xs = [0, 1, 2, 3, 4];
  const truth = (x: number): number => 2 * Math.exp(-0.5 * x);
  const found = solveLeastSquares({
    unknowns: 2,
    residuals: ([a = 0, b = 0]) =>
      Float64Array.from(xs, (x) => (1 + a) * Math.exp(-b * x) - truth(x)),
  });
  expect(found[0]).toBeCloseTo(1, 4);
  expect(found[1]).toBeCloseTo(0.5, 4);
});

test("an interval of held-out residuals covers four fifths of them", () => {
  const residuals = Array.from({ length: 100 }, (_, index) => ({
    group: `g${index % 10}`,
    kind: index % 2 === 0 ? "dense" : "experts",
    residual: index / 100,
  }));
  const intervals = conformalIntervals(residuals);
  const [low, high] = intervalOf(intervals, "dense");
  const inside = residuals.filter(
    ({ kind, residual }) => kind === "dense" && low <= residual && residual <= high,
  );
  expect(inside.length / 50).toBeCloseTo(0.8, 1);
  expect(intervalOf(intervals, "never seen")).toEqual(intervals["any"]);
});
