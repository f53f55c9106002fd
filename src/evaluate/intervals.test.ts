import fc from "fast-check";
import { expect, test } from "vitest";
import { normalQuantile, twoSidedDeviations, wilsonInterval } from "./intervals.ts";

test("normal quantiles equal the tables", () => {
  expect(normalQuantile(0.5)).toBeCloseTo(0, 9);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963985, 8);
  expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306, 8);
  expect(twoSidedDeviations(0.9)).toBeCloseTo(1.644853627, 8);
});

test("Wilson intervals equal hand-computed ones", () => {
  // (0.8 + z2/20 -+ z sqrt(0.016 + z2/400)) / (1 + z2/10) with z = 1.96
  const { value, low, high } = wilsonInterval(8, 10, 0.95);
  expect([value, low, high].map((x) => Math.round(1e4 * x) / 1e4)).toEqual([0.8, 0.4902, 0.9433]);
  expect(wilsonInterval(0, 0, 0.95)).toEqual({ value: 0, low: 0, high: 1 });
  expect(wilsonInterval(20, 20, 0.95).low).toBeCloseTo(20 / (20 + 3.8414588), 6);
});

test("an interval holds its share, and shrinks with records and with less confidence", () => {
  fc.assert(
    fc.property(fc.nat(50), fc.integer({ min: 1, max: 50 }), (right, more) => {
      const records = right + more;
      const narrow = wilsonInterval(right * 4, records * 4, 0.95);
      const wide = wilsonInterval(right, records, 0.95);
      const bold = wilsonInterval(right, records, 0.8);
      const value = right / records;
      expect(wide.low).toBeLessThanOrEqual(value + 1e-12);
      expect(wide.high).toBeGreaterThanOrEqual(value - 1e-12);
      expect(narrow.high - narrow.low).toBeLessThan(wide.high - wide.low);
      expect(bold.high - bold.low).toBeLessThan(wide.high - wide.low);
    }),
  );
});
