import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../kernel/index.ts";
import type { Judged } from "../schema/index.ts";
import { applyMap, fitCalibration, identityMap, logit, sigmoid } from "./confidence-map.ts";

function judgedOf(confidence: number, correct: boolean): Judged {
  return {
    record: { id: "", input: {}, output: {}, group: "", place: "" },
    answer: { output: {}, confidence, milliseconds: 0, tokensIn: 0, tokensOut: 0 },
    correct,
    wrongFields: [],
  };
}

test("recovers the temperature of an overconfident variant", () => {
  const random = new Random(1, "calibration");
  const judged = Array.from({ length: 4_000 }, () => {
    const truth = 1.5 + 1.5 * random.normal();
    return judgedOf(sigmoid(3 * truth), random.next() < sigmoid(truth));
  });
  const { slope, offset } = fitCalibration(judged);
  expect(slope).toBeCloseTo(1 / 3, 1);
  expect(offset).toBeCloseTo(0, 0);
});

test("no validation answers, or none with an output, leave confidences as they are", () => {
  expect(fitCalibration([])).toEqual(identityMap);
  const none = judgedOf(0.5, false);
  expect(fitCalibration([{ ...none, answer: { ...none.answer, output: undefined } }])).toEqual(
    identityMap,
  );
  expect(applyMap(identityMap, 0.9)).toBeCloseTo(0.9, 12);
});

test("a faultless sample does not make the map certain", () => {
  const map = fitCalibration(Array.from({ length: 50 }, () => judgedOf(0.99, true)));
  expect(applyMap(map, 0.99)).toBeLessThan(0.999);
  expect(applyMap(map, 0.99)).toBeGreaterThan(0.95);
});

test("a confidence that points the wrong way is not believed at all", () => {
  const judged = Array.from({ length: 200 }, (_, i) =>
    judgedOf(i % 2 === 0 ? 0.9 : 0.1, i % 2 === 1),
  );
  const map = fitCalibration(judged);
  expect(map.slope).toBe(0);
  expect(applyMap(map, 0.99)).toBeCloseTo(0.5, 1);
});

test("the map is monotone and stays within [0, 1]", () => {
  const sample = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), {
    maxLength: 40,
  });
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(sample, unit, unit, (pairs, a, b) => {
      const map = fitCalibration(
        pairs.map(([confidence, correct]) => judgedOf(confidence, correct)),
      );
      const [low, high] = [applyMap(map, Math.min(a, b)), applyMap(map, Math.max(a, b))];
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(high);
    }),
  );
});

test("log-odds stay finite at the ends", () => {
  expect(logit(0)).toBe(-16);
  expect(logit(1)).toBe(16);
  expect(logit(0.5)).toBe(0);
});
