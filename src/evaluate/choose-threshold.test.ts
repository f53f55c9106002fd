import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseThreshold, neverAlone } from "./choose-threshold.ts";

const prices = { currency: "USD", machinePerHour: 0, escalation: 0.5, error: 2 };
const anything = { accuracy: 0, straightThrough: 0, confidence: 0.95 };
const question = { prices, acceptance: anything, secondsPerTransaction: 0.1, testRecords: 200 };

function outcomes(confidences: readonly number[]) {
  return confidences.map((confidence) => ({ confidence, correct: confidence > 0.5 }));
}

test("an answer goes through where its expected error costs less than a person", () => {
  // Cost is (0.5 escalated + 2 expected errors) / (records - expected errors). Taking the top two:
  // (1 + 2 x 0.06) / 3.94 = 0.284; the third with it: (0.5 + 2 x 0.26) / 3.74 = 0.273; all: 1.12 / 3.14.
  const { threshold, cost } = chooseThreshold(outcomes([0.99, 0.95, 0.8, 0.4]), question);
  expect(threshold).toBeCloseTo(0.6, 12);
  expect(cost).toBeCloseTo((1_000 * (0.5 + 2 * 0.26)) / 3.74, 9);
});

test("the bar is kept where it can be, even when that costs more", () => {
  const confidences = [
    ...Array.from({ length: 80 }, () => 0.995),
    ...Array.from({ length: 70 }, () => 0.8),
  ];
  const free = chooseThreshold(outcomes(confidences), {
    ...question,
    prices: { ...prices, escalation: 5 },
  });
  expect(free.threshold).toBe(0);
  const barred = chooseThreshold(outcomes(confidences), {
    ...question,
    prices: { ...prices, escalation: 5 },
    acceptance: { accuracy: 0.93, straightThrough: 0.4, confidence: 0.95 },
  });
  expect(barred.threshold).toBeCloseTo(0.8975, 9);
  expect(barred.assurance).toBeGreaterThanOrEqual(2);
});

test("everything goes to a person where errors are ruinous, nothing where people are", () => {
  const confidences = outcomes([0.9, 0.8, 0.7]);
  const ruinous = { ...question, prices: { ...prices, error: 1e6 } };
  expect(chooseThreshold(confidences, ruinous).threshold).toBe(neverAlone);
  const dear = { ...question, prices: { ...prices, escalation: 1e6 } };
  expect(chooseThreshold(confidences, dear).threshold).toBe(0);
});

test("answers without output stay out at every threshold, and no answers mean threshold 0", () => {
  const dear = { ...question, prices: { ...prices, escalation: 1e6 } };
  const { threshold } = chooseThreshold(
    [
      { confidence: 0.9, correct: true },
      { confidence: -1, correct: false },
    ],
    dear,
  );
  expect(threshold).toBe(0);
  expect(chooseThreshold([], question)).toMatchObject({ threshold: 0, assurance: 0 });
});

test("a dearer error never lowers the threshold, a dearer person never raises it", () => {
  const list = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 1,
    maxLength: 40,
  });
  const price = fc.double({ min: 0.01, max: 50, noNaN: true });
  fc.assert(
    fc.property(list, price, price, price, (confidences, escalation, error, more) => {
      const at = (extra: number, person: number) =>
        chooseThreshold(outcomes(confidences), {
          ...question,
          acceptance: { accuracy: 0.9, straightThrough: 0.3, confidence: 0.9 },
          prices: { ...prices, escalation: person, error: error + extra },
        }).threshold;
      expect(at(more, escalation)).toBeGreaterThanOrEqual(at(0, escalation));
      expect(at(0, escalation + more)).toBeLessThanOrEqual(at(0, escalation));
    }),
  );
});
