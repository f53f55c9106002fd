import { expect, test } from "vitest";
import { minimize } from "./minimize.ts";

test("finds the minimum of a stretched quadratic", () => {
  const scales = [1, 10, 100, 1_000];
  const x = new Float64Array(4).fill(3);
  const result = minimize(
    (at, gradient) => {
      let value = 0;
      for (const [i, scale] of scales.entries()) {
        const distance = (at[i] ?? 0) - i;
        value += 0.5 * scale * distance * distance;
        gradient[i] = scale * distance;
      }
      return value;
    },
    x,
    { maxIterations: 100, tolerance: 1e-8 },
  );
  expect(result.converged).toBe(true);
  for (const [i, value] of x.entries()) expect(value).toBeCloseTo(i, 8);
});

test("follows Rosenbrock's curved valley", () => {
  const x = Float64Array.of(-1.2, 1);
  minimize(
    (at, gradient) => {
      const [a = 0, b = 0] = at;
      gradient[0] = -400 * a * (b - a * a) - 2 * (1 - a);
      gradient[1] = 200 * (b - a * a);
      return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    },
    x,
    { maxIterations: 200, tolerance: 1e-9 },
  );
  expect(x[0]).toBeCloseTo(1, 6);
  expect(x[1]).toBeCloseTo(1, 6);
});

test("stops at once where the gradient is zero, and at its bound", () => {
  const flat = minimize(() => 0, new Float64Array(3), { maxIterations: 10, tolerance: 0 });
  expect(flat).toEqual({ value: 0, iterations: 0, converged: true });
  const x = Float64Array.of(-1.2, 1);
  const { iterations, converged } = minimize(
    (at, gradient) => {
      const [a = 0, b = 0] = at;
      gradient[0] = -400 * a * (b - a * a) - 2 * (1 - a);
      gradient[1] = 200 * (b - a * a);
      return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    },
    x,
    { maxIterations: 3, tolerance: 1e-9 },
  );
  expect({ iterations, converged }).toEqual({ iterations: 3, converged: false });
});
