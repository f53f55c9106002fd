import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trainingPlanSchema, type TrainingPlan } from "../../schema/index.ts";
import { findEntry } from "../catalogue/index.ts";
import { parseModels } from "../rows/known-model.ts";
import { readConfig } from "../work/read-config.ts";
import { rankMemory } from "./rank-memory.ts";

const file = join(import.meta.dirname, "../../../catalogue/architectures.json");
const models = parseModels(readFileSync(file, "utf8"), "architectures.json");

function model(name: string) {
  const known = findEntry(models, name);
  if (known === undefined) throw new Error(name);
  return readConfig(known.config, name);
}

function plan(changes: Partial<TrainingPlan>): TrainingPlan {
  return trainingPlanSchema.parse({ globalBatch: 1_024, sequence: 4_096, data: 8, ...changes });
}

const llama = model("llama-3-8b");

describe("memory of a rank", () => {
  test("states of mixed precision take 18 bytes per parameter, 4 of gradients among them (ZeRO 2020, section 3.1)", () => {
    const { weights, gradients, optimizer } = rankMemory(llama, plan({ zero: 0 }));
    expect((weights + gradients + optimizer) / 8_030_261_248).toBeCloseTo(18, 6);
  });

  test.each([
    [1, 2 + 4 + 12 / 8],
    [2, 2 + 2 / 8 + 12 / 8],
    [3, (2 + 2 + 12) / 8],
  ])("ZeRO %d cuts what it shards", (zero, bytes) => {
    const { weights, gradients, optimizer } = rankMemory(llama, plan({ zero }));
    expect((weights + gradients + optimizer) / 8_030_261_248).toBeCloseTo(bytes, 6);
  });

  test("LoRA keeps states for its pairs only", () => {
    const all = rankMemory(llama, plan({}));
    const lora = rankMemory(
      llama,
      plan({ trains: { kind: "lora", rank: 16, quantizedBase: false } }),
    );
    expect(lora.optimizer + lora.gradients).toBeLessThan(all.gradients / 50);
    const quantized = rankMemory(
      llama,
      plan({ trains: { kind: "lora", rank: 16, quantizedBase: true } }),
    );
    expect(quantized.weights).toBeLessThan(lora.weights / 3);
  });

  test("more parallelism, more recompute and smaller micro-batches never need more", () => {
    const degree = fc.constantFrom(1, 2, 4, 8);
    fc.assert(
      fc.property(degree, degree, degree, (tensor, pipeline, microBatch) => {
        const base = plan({ tensor, pipeline, microBatch });
        const total = rankMemory(llama, base).total;
        expect(rankMemory(llama, { ...base, tensor: tensor * 2 }).total).toBeLessThanOrEqual(total);
        expect(rankMemory(llama, { ...base, recompute: "full" }).total).toBeLessThanOrEqual(total);
        expect(rankMemory(llama, { ...base, microBatch: microBatch * 2 }).total).toBeGreaterThan(
          total,
        );
        expect(rankMemory(llama, { ...base, zero: 3 }).total).toBeLessThan(total);
      }),
    );
  });

  test("a stage of sparse layers is fuller than the one that holds the dense first layers", () => {
    const deepseek = model("deepseek-v3");
    const { weights } = rankMemory(deepseek, plan({ pipeline: 2, expert: 8 }));
    const even = rankMemory(deepseek, plan({ pipeline: 1, expert: 8 })).weights / 2;
    expect(weights).toBeGreaterThan(even);
  });
});
