import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trainingPlanSchema, type TrainingPlan } from "../../schema/index.ts";
import type { Chip } from "../chip.ts";
import { priorTable } from "../efficiency/coefficients.ts";
import { readConfig } from "../work/read-config.ts";
import { checkPlan } from "./check-plan.ts";
import { choosePlan } from "./choose-plan.ts";
import { estimateStep } from "./estimate-step.ts";
import type { TrainingSetup } from "./setup.ts";

const wire = { name: "link", bandwidth: 450e9, latency: 5e-6, efficiency: 0.8 };
const chip: Chip = {
  id: "test",
  name: "Test chip",
  vendor: "Nobody",
  family: "test",
  memory: 80 * 2 ** 30,
  memoryBandwidth: 3.35e12,
  peaks: { bf16: 989e12, fp8: 1_979e12 },
  scaleUp: wire,
  domain: 8,
  power: 700,
  launched: 2022,
};
const llama = readConfig(
  {
    model_type: "llama",
    hidden_size: 4_096,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14_336,
    vocab_size: 128_256,
  },
  "llama",
);
const circumstances = { chip: "test", family: "test", launched: 2022 };
const table = priorTable();

function setup(changes: Partial<TrainingPlan>, over: Partial<TrainingSetup> = {}): TrainingSetup {
  const plan = trainingPlanSchema.parse({ globalBatch: 512, sequence: 4_096, data: 8, ...changes });
  const out = { ...wire, bandwidth: 50e9, latency: 12e-6 };
  return {
    model: llama,
    chip,
    fabric: { domain: 8, up: wire, out },
    plan,
    balanced: true,
    overlapsData: true,
    ...over,
  };
}

function seconds(given: TrainingSetup): number {
  return estimateStep(given, circumstances, table).total;
}

const plans = fc.record({
  tensor: fc.constantFrom(1, 2, 4, 8),
  pipeline: fc.constantFrom(1, 2, 4),
  data: fc.constantFrom(1, 2, 8, 64),
  microBatch: fc.constantFrom(1, 2, 4),
  recompute: fc.constantFrom("none" as const, "selective" as const, "full" as const),
  zero: fc.constantFrom(0, 1, 2, 3),
});

describe("a training step", () => {
  test("is the sum of its parts", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { total, ...parts } = estimateStep(setup(plan), circumstances, table);
        const sum = Object.values(parts).reduce((all, part) => all + part, 0);
        expect(sum).toBeCloseTo(total, 9);
        expect(Math.min(...Object.values(parts))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("more bandwidth, faster chips and quicker memory are never slower", () => {
    fc.assert(
      fc.property(plans, fc.double({ min: 1, max: 8, noNaN: true }), (plan, factor) => {
        const base = setup(plan);
        const before = seconds(base);
        const { fabric } = base;
        const wider = {
          ...fabric,
          out: { ...fabric.out, bandwidth: fabric.out.bandwidth * factor },
        };
        expect(seconds({ ...base, fabric: wider })).toBeLessThanOrEqual(before);
        const closer = { ...fabric, up: { ...fabric.up, bandwidth: fabric.up.bandwidth * factor } };
        expect(seconds({ ...base, fabric: closer })).toBeLessThanOrEqual(before);
        const faster = { ...chip, peaks: { bf16: 989e12 * factor } };
        expect(seconds({ ...base, chip: faster })).toBeLessThanOrEqual(before);
        const quicker = { ...chip, memoryBandwidth: chip.memoryBandwidth * factor };
        expect(seconds({ ...base, chip: quicker })).toBeLessThanOrEqual(before);
      }),
    );
  });

  test("recomputing costs time and unfused attention costs more at length", () => {
    expect(seconds(setup({ recompute: "full" }))).toBeGreaterThan(seconds(setup({})) * 1.2);
    const long = { sequence: 16_384, globalBatch: 128 };
    expect(seconds(setup({ ...long, flashAttention: false }))).toBeGreaterThan(
      seconds(setup(long)),
    );
  });

  test("a chip without 8-bit units runs the recipe in 16 bits", () => {
    const old = { ...chip, peaks: { bf16: 989e12 } };
    expect(seconds(setup({ precision: "fp8" }, { chip: old }))).toBe(
      seconds(setup({}, { chip: old })),
    );
    expect(seconds(setup({ precision: "fp8" }))).toBeLessThan(seconds(setup({})));
  });

  test("LoRA skips the gradients of the weights", () => {
    const lora = setup({ trains: { kind: "lora", rank: 16, quantizedBase: false } });
    const ratio = seconds(lora) / seconds(setup({}));
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(0.85);
  });
});

describe("plans that cannot run", () => {
  test("memory says which kind, how much too much, and what helps", () => {
    const found = checkPlan(setup({ microBatch: 64 }), 64);
    expect(found).toMatchObject({ kind: "infeasible" });
    if (found.kind === "feasible") return;
    expect(found.reasons.map(({ about }) => about)).toEqual(["memory"]);
    expect(found.reasons[0]?.message).toMatch(/needs .* GiB .* too much; activations take/);
    expect(found.reasons[0]?.hint).toContain("recompute");
  });

  test.each([
    [{ data: 16 }, "needs 16 accelerators; there are 8"],
    [{ microBatch: 3 }, "does not divide into 8 replicas of 3"],
    [{ tensor: 3, data: 1 }, "32 attention heads do not divide over tensor 3"],
    [{ interleave: 2 }, "interleave needs a pipeline"],
    [{ pipeline: 64, data: 1 }, "more than the 32 layers"],
    [{ expert: 16 }, "does not divide data x context x tensor"],
  ])("%j is refused", (changes, message) => {
    const found = checkPlan(setup(changes), 8);
    const messages =
      found.kind === "infeasible" ? found.reasons.map((reason) => reason.message) : [];
    expect(messages.join("\n")).toContain(message);
  });

  test("the chosen plan is the quickest of those that fit", () => {
    const asked = setup({});
    const best = choosePlan(asked, 8, circumstances, table);
    expect(best).toBeDefined();
    if (best === undefined) return;
    expect(checkPlan({ ...asked, plan: best.plan }, 8).kind).toBe("feasible");
    expect(best.fitting).toBeLessThan(best.seen);
    const other = { ...asked, plan: { ...best.plan, recompute: "full" as const } };
    expect(seconds(other)).toBeGreaterThanOrEqual(best.seconds);
  });
});
