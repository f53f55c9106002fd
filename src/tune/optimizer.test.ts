import { expect, test } from "vitest";
import { clipGradient, rateAt, startOptimizer, takeStep } from "./optimizer.ts";

test("two steps equal torch.optim.AdamW", () => {
  // torch.optim.AdamW([tensor([1., -2.])], lr=0.1, weight_decay=0.1) on the gradients below.
  const values = Float32Array.of(1, -2);
  const state = startOptimizer(2);
  takeStep(values, Float32Array.of(0.5, 1), state, { rate: 0.1, weightDecay: 0.1 });
  expect([...values].map((value) => Number(value.toFixed(5)))).toEqual([0.89, -2.08]);
  takeStep(values, Float32Array.of(-1, 0.25), state, { rate: 0.1, weightDecay: 0.1 });
  expect([...values].map((value) => Number(value.toFixed(5)))).toEqual([0.91771, -2.14226]);
});

test("a gradient longer than the limit is shortened to it, a shorter one left alone", () => {
  const gradient = Float32Array.of(3, 4);
  expect(clipGradient(gradient, 1)).toBe(5);
  expect(Math.hypot(...gradient)).toBeCloseTo(1, 6);
  expect(clipGradient(gradient, 2)).toBeCloseTo(1, 6);
  expect(Math.hypot(...gradient)).toBeCloseTo(1, 6);
});

test("the rate rises to its peak and falls from there", () => {
  const schedule = { peak: 1, steps: 100, warmup: 0.1 };
  const rates = Array.from({ length: 100 }, (_, step) => rateAt(schedule, step));
  expect(Math.max(...rates)).toBe(1);
  expect(rates.indexOf(1)).toBe(10);
  for (let i = 1; i < 10; i++) expect(rates[i]).toBeGreaterThan(rates[i - 1] ?? 0);
  for (let i = 11; i < 100; i++) expect(rates[i]).toBeLessThan(rates[i - 1] ?? 0);
});
