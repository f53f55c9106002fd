import fc from "fast-check";
import { expect, test } from "vitest";
import { limitRecords } from "./limit-records.ts";

test("keeps all that fit, else an even spread within the budget", () => {
  const records = Array.from({ length: 10 }, (_, i) => i);
  expect(limitRecords(records, () => 1, 10)).toBe(records);
  expect(limitRecords(records, () => 2, 10)).toEqual([0, 2, 4, 6, 8]);
  expect(limitRecords(records, () => 1_000, 10)).toEqual([0]);
  expect(limitRecords([], () => 1, 0)).toEqual([]);
});

test("never repeats or reorders", () => {
  fc.assert(
    fc.property(fc.nat(200), fc.integer({ min: 1, max: 300 }), (count, budget) => {
      const kept = limitRecords(
        Array.from({ length: count }, (_, i) => i),
        () => 1,
        budget,
      );
      expect(kept.length).toBe(Math.min(count, budget));
      expect(kept.every((value, i) => i === 0 || value > (kept[i - 1] ?? 0))).toBe(true);
    }),
  );
});
