import { expect, test } from "vitest";
import { Random } from "../kernel/index.ts";
import type { Assessment, Measurement, VariantName } from "../schema/index.ts";
import { costWaterfall } from "./cost-waterfall.ts";
import { costDifference, selectionOptimism } from "./compare-costs.ts";
import { select } from "./select.ts";

const prices = { currency: "USD", machinePerHour: 0.1, escalation: 0.5, error: 2 };
const acceptance = { accuracy: 0.9, straightThrough: 0.5, confidence: 0.95 };

function assessmentOf(
  id: string,
  kind: VariantName["kind"],
  figures: {
    readonly cost: number;
    readonly all: number;
    readonly low?: number;
    readonly members?: readonly string[];
  },
): Assessment {
  const low = figures.low ?? 0.95;
  const interval = { value: 0.97, low, high: 0.99 };
  const passes = low >= acceptance.accuracy;
  return {
    variant: { id, label: id, kind, ...(figures.members && { members: figures.members }) },
    records: 100,
    accuracy: interval,
    perField: {},
    perClass: {},
    calibrationError: 0,
    calibration: [],
    confidenceMap: { kind: "logit", slope: 1, offset: 0 },
    threshold: 0.5,
    thresholdCurve: [{ threshold: 0, straightThrough: 1, accuracy: 0.9, cost: figures.all }],
    straightThrough: { value: 0.8, low: 0.7, high: 0.9 },
    answeredAccuracy: interval,
    cost: { value: figures.cost, low: figures.cost - 1, high: figures.cost + 1 },
    terms: { machine: 0, escalation: 0, error: figures.cost, total: figures.cost },
    resources: {
      transactionsPerSecond: 1,
      latencyP50: 1,
      latencyP95: 1,
      memoryBytes: undefined,
      cpuSecondsPerTransaction: undefined,
      joulesPerTransaction: undefined,
      fileBytes: undefined,
    },
    passes,
    verdict: passes ? "passes: ..." : "misses the bar: at least 85.0 % right is certain enough",
  };
}

const base = assessmentOf("base-few-shot", "base", { cost: 500, all: 900, low: 0.5 });
const zero = assessmentOf("base-zero-shot", "base", { cost: 510, all: 1_500, low: 0.3 });
const classical = assessmentOf("tf-idf", "classical", { cost: 140, all: 260 });
const tuned = assessmentOf("tuned-q8_0", "tuned", { cost: 90, all: 120 });
const small = assessmentOf("tuned-q4_0", "tuned", { cost: 95, all: 130 });
const chain = assessmentOf("chain:tf-idf+tuned-q4_0", "chain", {
  cost: 70,
  all: 110,
  members: ["tf-idf", "tuned-q4_0"],
});
const all = [zero, base, classical, tuned, small, chain];

test("the cheapest that passes wins, even when it is the classical one", () => {
  expect(select(all, acceptance).winner).toBe("chain:tf-idf+tuned-q4_0");
  expect(
    select([base, classical, assessmentOf("tuned", "tuned", { cost: 150, all: 160 })], acceptance)
      .winner,
  ).toBe("tf-idf");
  expect(
    select(
      [base, classical, assessmentOf("tuned", "tuned", { cost: 50, all: 60, low: 0.89 })],
      acceptance,
    ).winner,
  ).toBe("tf-idf");
});

test("when none passes, the reason names the nearest and what it misses", () => {
  const { winner, reason } = select(
    [base, assessmentOf("near", "tuned", { cost: 9, all: 9, low: 0.85 })],
    acceptance,
  );
  expect(winner).toBeUndefined();
  expect(reason).toContain(
    "none of 2 variants passes the bar; nearest is near, which misses the bar",
  );
  expect(select([], acceptance)).toEqual({
    winner: undefined,
    assessments: [],
    reason: "no variant was evaluated",
  });
});

function measure(random: Random, id: string, accuracy: number): Measurement {
  return {
    variant: { id, label: id, kind: "tuned" },
    validation: [],
    test: Array.from({ length: 100 }, () => ({
      record: { id: "", input: {}, output: {}, group: "", place: "" },
      answer: { output: {}, confidence: 0.9, milliseconds: 1, tokensIn: 0, tokensOut: 0 },
      correct: random.next() < accuracy,
      wrongFields: [],
    })),
    resources: chain.resources,
  };
}

test("a paired difference tells variants apart that their own intervals do not", () => {
  const random = new Random(4, "paired");
  const better = measure(random, "tuned-q8_0", 0.8);
  // Wrong wherever the better one is, and on four records more: costs 8 / 76 x 1000 more, or so.
  let spoiled = 0;
  const worse: Measurement = {
    ...better,
    variant: { ...better.variant, id: "tuned-q4_0" },
    test: better.test.map((judged) => ({ ...judged, correct: judged.correct && ++spoiled > 4 })),
  };
  const evidence = { measurements: [better, worse], prices, seed: 1 };
  const right = better.test.filter(({ correct }) => correct).length;
  const cost = (correct: number): number => ((100 - correct) * 2 * 1_000) / correct;
  const difference = costDifference(tuned, small, 0.9, evidence);
  expect(difference?.value).toBeCloseTo(cost(right - 4) - cost(right), 0);
  expect(difference?.low).toBeGreaterThan(0);
  expect(costDifference(tuned, tuned, 0.9, evidence)).toEqual({ value: 0, low: 0, high: 0 });
  expect(costDifference(tuned, classical, 0.9, evidence)).toBeUndefined();
});

test("choosing among equals flatters, choosing the only good one does not", () => {
  const random = new Random(1, "flattery");
  const optimism = (accuracies: readonly number[]): number => {
    const measurements = accuracies.map((accuracy, i) => measure(random, `${i}`, accuracy));
    const candidates = measurements.map(({ variant }) =>
      assessmentOf(variant.id, "tuned", { cost: 1, all: 1 }),
    );
    return selectionOptimism(candidates, { measurements, prices, seed: 1 }) ?? Number.NaN;
  };
  expect(optimism([0.8, 0.8, 0.8, 0.8])).toBeGreaterThan(20);
  expect(optimism([0.99, 0.5, 0.5])).toBeLessThan(10);
  const { reason } = select([tuned, small], acceptance, {
    measurements: [measure(random, "tuned-q8_0", 0.9), measure(random, "tuned-q4_0", 0.9)],
    prices,
    seed: 1,
  });
  expect(reason).toMatch(/looks? at least about [\d.]+ USD cheaper than it is/);
});

test("the waterfall goes from the untouched base to the winner and adds up", () => {
  const steps = costWaterfall(all, chain.variant.id);
  expect(steps.map(({ label, cost, difference }) => [label, cost, difference])).toEqual([
    ["Untouched base", 900, 0],
    ["Classical baseline", 260, -640],
    ["Tuned", 120, -140],
    ["Quantized", 130, 10],
    ["Threshold", 95, -35],
    ["Chain", 70, -25],
  ]);
  expect(steps.at(-1)).toMatchObject({ variant: chain.variant.id, terms: chain.terms });
});

test("the waterfall leaves out what the winner does not use", () => {
  const labels = (id: string) => costWaterfall(all, id).map(({ label }) => label);
  expect(labels("tuned-q8_0")).toEqual(["Untouched base", "Tuned", "Threshold"]);
  expect(labels("tf-idf")).toEqual(["Untouched base", "Classical baseline", "Threshold"]);
  expect(labels("base-few-shot")).toEqual(["Untouched base", "Threshold"]);
  expect(labels("unknown")).toEqual([]);
});
