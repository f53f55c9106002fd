import { expect, test } from "vitest";
import { bootstrapInterval, drawResamples } from "./resample.ts";

test("each resample draws as many records as there are, the same ones for the same seed", () => {
  const [one, two] = [1, 2].map(() => [...drawResamples(50, 7)].map((weights) => [...weights]));
  expect(one).toEqual(two);
  expect(one?.length).toBe(1_000);
  for (const weights of one ?? [])
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(50);
  expect([...drawResamples(50, 8)][0]).not.toEqual(Int32Array.from(one?.[0] ?? []));
  expect([...drawResamples(100_000, 1, 1)].length).toBe(1);
});

test("the interval of a mean is about two standard errors to each side", () => {
  const values = Array.from({ length: 400 }, (_, i) => i % 2);
  const { low, high } = bootstrapInterval(400, { confidence: 0.95, seed: 1 }, (weights) => {
    let total = 0;
    for (const [i, weight] of weights.entries()) total += weight * (values[i] ?? 0);
    return total / 400;
  });
  // Standard error of a share of 1/2 over 400 records: 0.025.
  expect(low).toBeCloseTo(0.5 - 1.96 * 0.025, 2);
  expect(high).toBeCloseTo(0.5 + 1.96 * 0.025, 2);
});
