import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trainingPlanSchema, type TrainingPlan } from "../../schema/index.ts";
import type { Chip } from "../chip.ts";
import { priorTable, resolveCoefficients } from "../efficiency/coefficients.ts";
import { rankMemory } from "../memory/rank-memory.ts";
import type { PriceValues } from "../money/fleet-prices.ts";
import { checkPlan } from "../training/check-plan.ts";
import { estimateWith } from "../training/estimate-step.ts";
import type { TrainingSetup } from "../training/setup.ts";
import { readConfig } from "../work/read-config.ts";
import { brokenBound, figuresOf, scoreOf, type Constraints } from "./figures.ts";
import { leastStep } from "./least-step.ts";
import { searchPlans, type SearchQuestion } from "./search-plans.ts";
import type { SearchSpace } from "./space.ts";
import { findRivals } from "./why-lost.ts";

const chip: Chip = {
  id: "a-chip",
  name: "A chip",
  vendor: "nobody",
  family: "none",
  memory: 40e9,
  memoryBandwidth: 1.5e12,
  peaks: { bf16: 300e12, fp8: 600e12 },
  scaleUp: { name: "up", bandwidth: 300e9, latency: 3e-6, efficiency: 0.8 },
  domain: 8,
  power: 500,
  launched: 2023,
};
const fabric = {
  domain: 8,
  up: chip.scaleUp,
  out: { name: "out", bandwidth: 25e9, latency: 8e-6, efficiency: 0.7 },
};
const dense = readConfig(
  {
    model_type: "llama",
    hidden_size: 4_096,
    num_hidden_layers: 24,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14_336,
    vocab_size: 32_000,
  },
  "dense",
);
const sparse = readConfig(
  {
    model_type: "mixtral",
    hidden_size: 2_048,
    num_hidden_layers: 16,
    num_attention_heads: 16,
    num_key_value_heads: 8,
    intermediate_size: 4_096,
    num_local_experts: 8,
    num_experts_per_tok: 2,
    vocab_size: 32_000,
  },
  "sparse",
);
const prices: PriceValues = {
  purchase: 25_000,
  rent: 2,
  power: 500,
  powerShare: 0.85,
  idleShare: 0.15,
  hostPower: 1.4,
  pue: 1.4,
  electricity: 0.1,
  serverMarkup: 1.6,
  networkShare: 0.2,
  hosting: 150,
  amortisation: 5,
  residual: 0.1,
  interest: 0.08,
  maintenance: 0.04,
  utilisation: 0.7,
  staffYear: 120_000,
  acceleratorsPerPerson: 250,
  engineerMonth: 12_000,
  failures: 0.5,
  restart: 900,
  checkpointBandwidth: 2e9,
};
const circumstances = { chip: "a-chip", family: "none", launched: 2023, year: 2026 };
const { coefficients, work } = resolveCoefficients(priorTable(), circumstances);

function subset<T>(values: readonly T[]): fc.Arbitrary<T[]> {
  return fc.subarray([...values], { minLength: 1, maxLength: Math.min(3, values.length) });
}

const spaces: fc.Arbitrary<SearchSpace> = fc.record({
  precision: subset(["bf16", "fp8"] as const),
  tensor: subset([1, 2, 4, 8]),
  pipeline: subset([1, 2, 3, 4, 8]),
  context: subset([1, 2]),
  accelerators: subset([4, 8, 16, 32, 64]),
  expert: subset([1, 2, 8]),
  zero: subset([0, 1, 2, 3]),
  recompute: subset(["none", "selective", "full"] as const),
  interleave: subset([1, 2, 3]),
  microBatch: subset([1, 2, 4]),
});
const limit = (most: number) =>
  fc.option(fc.double({ min: most / 10, max: most, noNaN: true }), { nil: undefined, freq: 1 });
const questions: fc.Arbitrary<SearchQuestion> = fc.record({
  setup: fc.record({
    model: fc.constantFrom(dense, sparse),
    chip: fc.constantFrom(chip, { ...chip, memory: 16e9 }),
    fabric: fc.constant(fabric),
    plan: fc
      .constantFrom(32, 64, 96)
      .map((globalBatch) => trainingPlanSchema.parse({ globalBatch, sequence: 2_048 })),
    balanced: fc.boolean(),
    overlapsData: fc.boolean(),
  }),
  available: fc.constant(64),
  coefficients: fc.constant(coefficients),
  work: fc.constant(work),
  pricing: fc.record({
    steps: fc.constant(10_000),
    perNode: fc.constant(8),
    parameters: fc.constant(7e9),
    prices: fc.constant(prices),
    basis: fc.constantFrom("own", "rent"),
  }),
  objective: fc.constantFrom("time", "cost", "energy"),
  constraints: fc.record({
    usd: limit(500_000),
    seconds: limit(1e7),
    kilowattHours: limit(1e6),
    watts: limit(100_000),
    memory: limit(40e9),
  }),
  space: spaces,
  keep: fc.integer({ min: 1, max: 4 }),
});

function* everyPlan({ setup, space }: SearchQuestion): Generator<TrainingPlan> {
  for (const precision of space.precision)
    for (const tensor of space.tensor)
      for (const pipeline of space.pipeline)
        for (const context of space.context)
          for (const accelerators of space.accelerators)
            for (const expert of space.expert)
              for (const zero of space.zero)
                for (const recompute of space.recompute)
                  for (const interleave of space.interleave)
                    for (const microBatch of space.microBatch) {
                      const data = accelerators / (tensor * pipeline * context);
                      if (!Number.isInteger(data) || (interleave > 1 && pipeline === 1)) continue;
                      const degrees = { precision, tensor, pipeline, context, data, expert };
                      const rest = { zero, recompute, interleave, microBatch };
                      const schedule = interleave > 1 ? "interleaved" : "1f1b";
                      yield { ...setup.plan, ...degrees, ...rest, schedule } as const;
                    }
}

/** Scores of the best by looking at every plan. */
function bruteForce(question: SearchQuestion): number[] {
  const { setup, constraints, pricing, objective, keep } = question;
  const scores: number[] = [];
  for (const plan of everyPlan(question)) {
    const candidate: TrainingSetup = { ...setup, plan };
    if (checkPlan(candidate, question.available).kind === "infeasible") continue;
    if (rankMemory(setup.model, plan).total > (constraints.memory ?? Number.POSITIVE_INFINITY))
      continue;
    const used = plan.tensor * plan.pipeline * plan.context * plan.data;
    const step = estimateWith(candidate, coefficients, work).total;
    const figures = figuresOf(step, used, pricing);
    if (brokenBound(figures, constraints) === undefined) scores.push(scoreOf(figures, objective));
  }
  return scores.sort((a, b) => a - b).slice(0, keep);
}

describe("search", () => {
  test("finds what looking at every plan finds", () => {
    let found = 0;
    fc.assert(
      fc.property(questions, (question) => {
        const expected = bruteForce(question);
        found += expected.length > 0 ? 1 : 0;
        expect(searchPlans(question).best.map(({ score }) => score)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
    expect(found).toBeGreaterThan(5);
  });

  test("no plan of a branch is quicker than the branch's bound", () => {
    fc.assert(
      fc.property(questions, (question) => {
        for (const plan of everyPlan(question)) {
          const candidate: TrainingSetup = { ...question.setup, plan };
          if (plan.globalBatch % (plan.data * plan.microBatch) !== 0) continue;
          const bound = leastStep(candidate, coefficients, work, {
            largest: Math.max(...question.space.microBatch),
            interleave: Math.max(...question.space.interleave),
          });
          expect(bound).toBeLessThanOrEqual(estimateWith(candidate, coefficients, work).total);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("memory grows with the micro-batch, which the search relies on", () => {
    fc.assert(
      fc.property(questions, (question) => {
        for (const plan of everyPlan(question)) {
          if (plan.globalBatch % (plan.data * plan.microBatch * 2) !== 0) continue;
          const twice = { ...plan, microBatch: plan.microBatch * 2 };
          const { model } = question.setup;
          expect(rankMemory(model, twice).total).toBeGreaterThanOrEqual(
            rankMemory(model, plan).total,
          );
        }
      }),
      { numRuns: 15 },
    );
  });

  test("a tighter bound never gives a better plan", () => {
    fc.assert(
      fc.property(questions, fc.double({ min: 0.1, max: 1, noNaN: true }), (question, tighter) => {
        const { watts = 100_000 } = question.constraints;
        const loose: Constraints = { ...question.constraints, watts };
        const tight: Constraints = { ...loose, watts: watts * tighter };
        const [wide] = searchPlans({ ...question, constraints: loose }).best;
        const [narrow] = searchPlans({ ...question, constraints: tight }).best;
        if (narrow !== undefined)
          expect(narrow.score).toBeGreaterThanOrEqual(wide?.score ?? Infinity);
      }),
      { numRuns: 50 },
    );
  });

  test("every rival loses", () => {
    fc.assert(
      fc.property(questions, (question) => {
        const [winner] = searchPlans({ ...question, keep: 1 }).best;
        if (winner === undefined) return;
        for (const { ratio } of findRivals(question, winner))
          expect(ratio).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 20 },
    );
  });
});
