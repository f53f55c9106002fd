import fc from "fast-check";
import { expect, test } from "vitest";
import { priceTally, tallyAt } from "./cost.ts";

const prices = { currency: "USD", machinePerHour: 0.36, escalation: 0.5, error: 2 };

test("the cost identity, computed by hand", () => {
  // 10 records, 6 go through, 5 of them right: 9 correct. Machine: 10 x 2 s x 0.0001 = 0.002.
  const outcomes = [0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.2, 0.2, 0.1, 0].map((confidence, i) => ({
    confidence,
    correct: i < 5,
  }));
  const tally = tallyAt(outcomes, 0.8);
  expect(tally).toEqual({ records: 10, answered: 6, right: 5 });
  const terms = priceTally(tally, prices, 2);
  expect(terms.machine).toBeCloseTo((0.002 / 9) * 1_000, 12);
  expect(terms.escalation).toBeCloseTo((4 * 0.5 * 1_000) / 9, 9);
  expect(terms.error).toBeCloseTo((1 * 2 * 1_000) / 9, 9);
  expect(terms.total).toBeCloseTo(terms.machine + terms.escalation + terms.error, 12);
});

test("no output never goes through, and nothing correct stays finite", () => {
  const outcomes = [{ confidence: -1, correct: false }];
  expect(tallyAt(outcomes, 0)).toEqual({ records: 1, answered: 0, right: 0 });
  const wrong = tallyAt([{ confidence: 0.4, correct: false }], 0);
  expect(priceTally(wrong, prices, 0).total).toBe(4_000);
});

test("weights count records as often as they say", () => {
  const outcomes = [
    { confidence: 0.9, correct: true },
    { confidence: 0.1, correct: false },
  ];
  expect(tallyAt(outcomes, 0.5, Int32Array.of(3, 0))).toEqual({
    records: 3,
    answered: 3,
    right: 3,
  });
});

test("dearer errors, people or machines never make a tally cheaper", () => {
  const price = fc.double({ min: 0, max: 100, noNaN: true });
  const counts = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50));
  fc.assert(
    fc.property(
      counts,
      price,
      price,
      price,
      ([right, wrong, escalated], error, more, machinePerHour) => {
        const tally = { records: right + wrong + escalated, answered: right + wrong, right };
        const at = (by: number) =>
          priceTally(tally, { ...prices, error: error + by, machinePerHour }, 1).total;
        expect(at(more)).toBeGreaterThanOrEqual(at(0) - 1e-9);
      },
    ),
  );
});
