import { expect, test } from "vitest";
import { spearman } from "./rank-order.ts";

test("rank correlation by hand: one swap among four is 0.8, ties share a rank", () => {
  expect(spearman([1, 2, 3, 4], [10, 20, 30, 40])).toBe(1);
  expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
  expect(spearman([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8, 12);
  expect(spearman([1, 1, 2], [1, 1, 2])).toBeCloseTo(1, 12);
  expect(spearman([1, 1], [1, 2])).toBeNaN();
});
