import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findEntry } from "./find-entry.ts";
import { parseModelFacts } from "./model-facts.ts";
import { looseKey } from "./name-keys.ts";
import { parseAccelerators } from "./parse-catalogue.ts";

const folder = join(import.meta.dirname, "../../../catalogue");
const read = (path: string): string => readFileSync(join(folder, path), "utf8");
const accelerators = readdirSync(join(folder, "accelerators")).flatMap((file) =>
  parseAccelerators(read(`accelerators/${file}`), file),
);
const models = readdirSync(join(folder, "models")).flatMap((file) =>
  parseModelFacts(read(`models/${file}`), file),
);

describe("names as people write them", () => {
  test.each([
    ["8x H100 SXM", "h100-sxm-80gb"],
    ["NVIDIA H100 80GB HBM3", "h100-sxm-80gb"],
    ["8xH200", "h200-sxm-141gb"],
    ["Tesla V100-SXM2-32GB", "v100-sxm2-32gb"],
    ["NVIDIA A100-SXM4-40GB", "a100-sxm-40gb"],
    ["A100 80GB PCIe", "a100-pcie-80gb"],
    ["A100 (40 GB)", "a100-sxm-40gb"],
    ["Apple M3 Ultra (512 GiB)", "apple-m3-ultra"],
    ["A100-PCIE-40GB", "a100-pcie-40gb"],
    ["NVIDIA GeForce RTX 4090", "rtx-4090"],
    ["RTX4090", "rtx-4090"],
    ["AMD Instinct MI300X (OAM)", "mi300x"],
    ["GB200 NVL72", "gb200-186gb"],
    ["昇腾910B", "ascend-910b"],
    ["Huawei Ascend 910B3", "ascend-910b3"],
    ["Ascend910B4", "ascend-910b4"],
    ["沐曦 C500", "metax-c500"],
    ["海光 DCU K100_AI", "hygon-k100-ai"],
    ["摩尔线程 MTT S4000", "mtt-s4000"],
    ["昆仑芯 P800", "kunlun-p800"],
    ["Intel Gaudi 3", "gaudi-3"],
    ["TPU v5e", "tpu-v5e"],
    ["Apple M2 Ultra", "apple-m2-ultra"],
  ])("%s", (name, id) => {
    expect(findEntry(accelerators, name)?.id).toBe(id);
  });

  test.each([
    ["meta-llama/Llama-3.1-8B-Instruct", "llama-3-8b"],
    ["nvidia/Llama-3.1-405B-Instruct-FP8", "llama-3.1-405b"],
    ["Qwen/Qwen3-235B-A22B-Thinking-2507", "qwen3-235b-a22b"],
    ["DeepSeek-V3-0324", "deepseek-v3"],
    ["openai/gpt-oss-120b (MXFP4)", "gpt-oss-120b"],
    ["Qwen2.5-72B-Instruct-AWQ", "qwen2-72b"],
    ["gemma-3-27b-it", "gemma-3-27b"],
  ])("%s", (name, id) => {
    expect(findEntry(models, name)?.id).toBe(id);
  });

  test("what is another thing is not taken for one that is known", () => {
    const strangers = ["H100x", "A1000", "MI300C", "RTX 4090 D", "910D", "GPU", "NVIDIA", ""];
    expect(strangers.filter((name) => findEntry(accelerators, name) !== undefined)).toEqual([]);
    const others = [
      "Qwen3",
      "Llama-3.1-Nemotron-Ultra-253B",
      "DeepSeek-R1-Distill-Foo-9B",
      "Mixtral",
    ];
    expect(others.filter((name) => findEntry(models, name) !== undefined)).toEqual([]);
  });

  test("no two rows meet by loose names", () => {
    const clashes = (rows: readonly (typeof accelerators | typeof models)[number][]) => {
      const first = new Map<string, string>();
      return rows.flatMap((row) =>
        [row.id, row.name, ...row.aliases].filter((name) => {
          const key = looseKey(name);
          const owner = first.get(key) ?? row.id;
          first.set(key, owner);
          return key !== "" && owner !== row.id;
        }),
      );
    };
    // Its own name finds it; only what is in the brackets tells it from the other A100.
    expect(clashes(accelerators)).toEqual(["NVIDIA A100 (PCIe comm)"]);
    expect(clashes(models)).toEqual([]);
  });
});
