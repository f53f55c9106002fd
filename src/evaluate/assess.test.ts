import { expect, test } from "vitest";
import { canonicalJson, Random } from "../kernel/index.ts";
import { objectSchema, type Judged, type Measurement } from "../schema/index.ts";
import { assess } from "./assess.ts";
import { accuracyPerClass, accuracyPerField, confusionOf, worstMistakes } from "./break-down.ts";
import { calibrationBins, calibrationError } from "./calibration-error.ts";
import { judge } from "./judge.ts";

const output = objectSchema.parse({ type: "object", properties: { kind: { enum: ["a", "b"] } } });
const resources = {
  transactionsPerSecond: 10,
  latencyP50: 100,
  latencyP95: 120,
  memoryBytes: 1,
  cpuSecondsPerTransaction: 0.1,
  joulesPerTransaction: undefined,
  fileBytes: 1,
};
const terms = {
  output,
  acceptance: { accuracy: 0.9, straightThrough: 0.5, confidence: 0.95 },
  prices: { currency: "USD", machinePerHour: 0.1, escalation: 0.5, error: 2 },
  seed: 1,
};

function judgedOf(
  id: string,
  expected: string,
  given: string | undefined,
  confidence: number,
): Judged {
  const record = { id, input: { text: id }, output: { kind: expected }, group: id, place: id };
  const answer = {
    output: given === undefined ? undefined : { kind: given },
    confidence,
    milliseconds: 100,
    tokensIn: 1,
    tokensOut: 1,
  };
  return judge(record, answer, output);
}

/** Judged answers whose confidence is the truth. */
function draw(count: number, label: string): Judged[] {
  const random = new Random(1, label);
  return Array.from({ length: count }, (_, i) => {
    const confidence = 1 - 0.4 * random.next() ** 3;
    const expected = random.next() < 0.5 ? "a" : "b";
    const given = random.next() < confidence ? expected : expected === "a" ? "b" : "a";
    return judgedOf(`${label}${i}`, expected, given, confidence);
  });
}

const measurement: Measurement = {
  variant: { id: "tuned", label: "Tuned", kind: "tuned" },
  validation: draw(150, "validation"),
  test: draw(400, "test"),
  resources,
};

test("a good variant passes, with figures that fit together", () => {
  const assessment = assess(measurement, terms);
  expect(assessment.passes).toBe(true);
  expect(assessment.verdict).toMatch(/^passes: \d+ of the \d+ answers/);
  expect(assessment.answeredAccuracy.value).toBeGreaterThan(assessment.accuracy.value);
  const { cost, terms: parts, thresholdCurve, threshold } = assessment;
  expect(cost.value).toBe(parts.total);
  expect(cost.low).toBeLessThan(cost.value);
  expect(cost.high).toBeGreaterThan(cost.value);
  expect(thresholdCurve.find((point) => point.threshold === threshold)?.cost).toBe(cost.value);
  expect(thresholdCurve[0]).toMatchObject({
    threshold: 0,
    straightThrough: 1,
    accuracy: assessment.accuracy.value,
  });
  expect(assessment.calibrationError).toBeLessThan(0.08);
  expect(canonicalJson(assess(measurement, terms).cost)).toBe(canonicalJson(cost));
});

test("figures are finite and plain JSON even for a variant that knows nothing", () => {
  const test = draw(20, "test").map(({ record }) => judge(record, { ...noOutput }, output));
  const assessment = assess({ ...measurement, validation: [], test }, terms);
  expect(assessment.passes).toBe(false);
  expect(assessment.verdict).toContain("no answer is sure enough");
  expect(() => canonicalJson({ ...assessment, resources: undefined })).not.toThrow();
});
const noOutput = { output: undefined, confidence: 0, milliseconds: 1, tokensIn: 0, tokensOut: 0 };

test("too few test records are said to be too few", () => {
  const test = Array.from({ length: 12 }, (_, i) => judgedOf(`t${i}`, "a", "a", 0.99));
  const { passes, verdict } = assess({ ...measurement, test }, terms);
  expect(passes).toBe(false);
  expect(verdict).toMatch(/too few test records: even \d+ right out of \d+/);
});

test("breaks accuracy down by field and class, and counts confusions", () => {
  const judged = [
    judgedOf("1", "a", "a", 0.9),
    judgedOf("2", "a", "b", 0.8),
    judgedOf("3", "b", "b", 0.7),
    judgedOf("4", "b", undefined, 0),
  ];
  expect(accuracyPerClass(judged, output)).toEqual({
    a: { records: 2, correct: 1 },
    b: { records: 2, correct: 1 },
  });
  expect(accuracyPerField(judged, output, 0.95).kind?.value).toBe(0.5);
  expect(confusionOf(judged, "kind")).toEqual({
    field: "kind",
    labels: ["(none)", "a", "b"],
    counts: [
      [0, 0, 0],
      [0, 1, 1],
      [1, 0, 1],
    ],
  });
  expect(worstMistakes(judged, 1)).toEqual([
    { input: { text: "2" }, expected: { kind: "a" }, given: { kind: "b" }, confidence: 0.8 },
  ]);
});

test("calibration error of hand-made bins", () => {
  // 20 answers at 0.9 of which 16 are right, 20 at 0.6 of which 12 are: errors 0.1 and 0.
  const outcomes = [
    ...Array.from({ length: 20 }, (_, i) => ({ confidence: 0.9, correct: i < 16 })),
    ...Array.from({ length: 20 }, (_, i) => ({ confidence: 0.6, correct: i < 12 })),
  ];
  const bins = calibrationBins(outcomes);
  expect(bins.map(({ accuracy, records }) => [accuracy, records])).toEqual([
    [0.6, 20],
    [0.8, 20],
  ]);
  expect(calibrationError(bins)).toBeCloseTo(0.05, 12);
  expect(calibrationError(calibrationBins([]))).toBe(0);
});
