import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findEntry } from "../catalogue/index.ts";
import { parseModels } from "../rows/known-model.ts";
import { countParameters } from "./count-parameters.ts";
import { readConfig } from "./read-config.ts";

const file = join(import.meta.dirname, "../../../catalogue/architectures.json");
const models = parseModels(readFileSync(file, "utf8"), "architectures.json");

function counted(name: string) {
  const known = findEntry(models, name);
  if (known === undefined) throw new Error(`${name} is not in the catalogue`);
  return countParameters(readConfig(known.config, name));
}

/** Exact totals as the weights' own metadata states them (safetensors headers on Hugging Face), without MTP modules. */
const published: readonly (readonly [string, number])[] = [
  ["llama-2-7b", 6_738_415_616],
  ["llama-2-13b", 13_015_864_320],
  ["llama-2-70b", 68_976_648_192],
  ["llama-3-8b", 8_030_261_248],
  ["llama-3-70b", 70_553_706_496],
  ["llama-3.1-405b", 405_853_388_800],
  ["llama-3.2-1b", 1_235_814_400],
  ["llama-3.2-3b", 3_212_749_824],
  ["qwen2-0.5b", 494_032_768],
  ["qwen2-1.5b", 1_543_714_304],
  ["qwen2-7b", 7_615_616_512],
  ["qwen2-72b", 72_706_203_648],
  ["qwen2.5-14b", 14_770_033_664],
  ["qwen2.5-32b", 32_763_876_352],
  ["qwen3-8b", 8_190_735_360],
  ["qwen3-14b", 14_768_307_200],
  ["qwen3-32b", 32_762_123_264],
  ["qwen3-30b-a3b", 30_532_122_624],
  ["qwen3-235b-a22b", 235_093_634_560],
  ["qwen1.5-moe-a2.7b", 14_315_784_192],
  ["mistral-7b", 7_241_732_096],
  ["mixtral-8x7b", 46_702_792_704],
  ["yi-34b", 34_388_917_248],
  ["gemma-2b", 2_506_172_416],
  ["gemma-7b", 8_537_680_896],
  ["gemma2-9b", 9_241_705_984],
  ["gemma2-27b", 27_227_128_320],
  ["bloom-176b", 176_247_271_424],
  ["gpt-oss-20b", 20_914_757_184],
  ["gpt-oss-120b", 116_829_156_672],
  ["deepseek-v2", 235_741_434_880],
  ["deepseek-v2-lite", 15_706_484_224],
];

describe("parameters", () => {
  test.each(published)("%s has its published count", (name, total) => {
    expect(counted(name).total).toBe(total);
  });

  test("DeepSeek-V3's report says 671 B, 37 B of them active", () => {
    const { total, active, prediction } = counted("deepseek-v3");
    expect((total - prediction) / 1e9).toBeCloseTo(671.03, 1);
    expect(active / 1e9).toBeCloseTo(37.5, 0);
  });

  test.each([
    ["grok-1", 314],
    ["nemotron-4-340b", 341],
    ["nemotron-4-15b", 15.6],
    ["nemotron-h-56b", 56],
    ["nemotron-3-nano", 31.6],
    ["kimi-k2", 1_026],
    ["llama-4-scout", 107.8],
    ["llama-4-maverick", 400],
    ["gpt-3-175b", 175],
  ])("%s comes within 2 %% of the %d B its report rounds to", (name, billions) => {
    const { total, prediction } = counted(name);
    expect(Math.abs((total - prediction) / (billions * 1e9) - 1)).toBeLessThan(0.02);
  });
});
