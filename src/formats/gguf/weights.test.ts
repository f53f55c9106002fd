import { describe, expect, test } from "vitest";
import { SampanError } from "../../kernel/index.ts";
import { encodeBlocks } from "../blocks/encode-blocks.ts";
import { memorySource } from "../memory-source.ts";
import { readModelConfig } from "./model-config.ts";
import { openGguf } from "./open.ts";
import { expectedTensors } from "./tensor-plan.ts";
import type { GgufValue } from "./value.ts";
import { ggufWeights } from "./weights.ts";
import { ggufChunks, type TensorToWrite } from "./write.ts";

type Numbers = Readonly<Record<string, number | string | boolean[]>>;

const shape: Numbers = {
  "general.architecture": "llama",
  "llama.block_count": 1,
  "llama.context_length": 64,
  "llama.embedding_length": 32,
  "llama.feed_forward_length": 64,
  "llama.attention.head_count": 4,
  "llama.attention.head_count_kv": 2,
  "llama.attention.layer_norm_rms_epsilon": 1e-5,
};

function metadataOf(values: Numbers): Map<string, GgufValue> {
  const entries = Object.entries(values).map(([key, value]): [string, GgufValue] => {
    if (typeof value === "string") return [key, { kind: "text", value }];
    if (typeof value !== "number") return [key, { kind: "array", element: "bool", value }];
    return [key, { kind: Number.isInteger(value) ? "u32" : "f32", value }];
  });
  return new Map(entries);
}

function tensor(name: string, extents: readonly number[], encoding = "F32"): TensorToWrite {
  const count = extents.reduce((product, extent) => product * extent, 1);
  const values = Float32Array.from({ length: count }, (_, i) => Math.cos(i * 0.7));
  return { name, shape: extents, encoding, data: () => encodeBlocks(encoding, values) };
}

function open(values: Numbers, change: (list: TensorToWrite[]) => TensorToWrite[] = (x) => x) {
  const architecture = String(values["general.architecture"]);
  const embedding = tensor("token_embd.weight", [10, 32], "Q8_0");
  const head = openGguf(memorySource("head", bytesOf(values, [embedding])));
  const known = ["llama", "qwen2", "qwen3", "gemma3"].includes(architecture);
  const plan = known ? expectedTensors(readModelConfig(head)) : new Map<string, number[]>();
  plan.delete("token_embd.weight");
  const rest = [...plan].map(([name, extents]) => tensor(name, extents));
  return openGguf(memorySource("model.gguf", bytesOf(values, change([embedding, ...rest]))));
}

function bytesOf(values: Numbers, list: readonly TensorToWrite[]): Uint8Array {
  return Buffer.concat([...ggufChunks(metadataOf(values), list)]);
}

/** The same shape under another architecture's keys. */
function as(architecture: string, more: Numbers = {}): Numbers {
  const renamed = Object.entries(shape).map(([key, value]) => [
    key.replace(/^llama\./, `${architecture}.`),
    value,
  ]);
  return { ...Object.fromEntries(renamed), "general.architecture": architecture, ...more };
}

describe("weights", () => {
  test("rows read alone equal the rows of the whole, in any order", () => {
    const weights = ggufWeights(open(shape));
    const all = weights.read("token_embd.weight");
    const rows = [7, 3, 4, 5, 9, 3];
    const some = weights.readRows("token_embd.weight", rows);
    for (const [i, row] of rows.entries()) {
      expect(some.subarray(i * 32, i * 32 + 32)).toEqual(all.subarray(row * 32, row * 32 + 32));
    }
    expect(weights.readRows("token_embd.weight", [])).toEqual(new Float32Array(0));
    for (const bad of [[10], [-1], [0.5], [Number.NaN], [9, 10]]) {
      expect(() => weights.readRows("token_embd.weight", bad)).toThrow(RangeError);
    }
    expect(() => weights.read("nothing")).toThrow(/no tensor nothing/);
  });

  test("defaults are llama.cpp's", () => {
    expect(ggufWeights(open(shape)).config).toMatchObject({
      ropeBase: 10_000,
      headWidth: 8,
      tiedHead: true,
      attentionScale: 1 / Math.sqrt(8),
    });
    const gemma = as("gemma3", { "gemma3.attention.sliding_window": 16 });
    expect(ggufWeights(open(gemma)).config.localAttention).toEqual({
      window: 16,
      ropeBase: 10_000,
      globalEvery: 6,
    });
  });

  test("Gemma's pattern may be a flag per layer", () => {
    const pattern = (flags: boolean[]) =>
      as("gemma3", {
        "gemma3.attention.sliding_window": 16,
        "gemma3.attention.sliding_window_pattern": flags,
        "gemma3.block_count": flags.length,
      });
    const { config } = ggufWeights(open(pattern([true, true, false, true])));
    expect(config.localAttention?.globalEvery).toBe(3);
    expect(() => open(pattern([true, false, false]))).toThrow(/without a period/);
  });

  test("linear rope scaling is read in both of its spellings", () => {
    for (const key of ["llama.rope.scaling.factor", "llama.rope.scale_linear"]) {
      expect(ggufWeights(open({ ...shape, [key]: 4 })).config.ropeLinearFactor).toBe(4);
    }
  });
});

describe("what is refused", () => {
  test.each([
    ["a family", as("phi3"), "base-unsupported", /architecture "phi3"/],
    ["no family", { "general.name": "x" }, "base-unsupported", /names no architecture/],
    ["experts", { ...shape, "llama.expert_count": 8 }, "base-unsupported", /mixtures of experts/],
    [
      "yarn",
      { ...shape, "llama.rope.scaling.type": "yarn", "llama.rope.scaling.factor": 4 },
      "base-unsupported",
      /type "yarn"/,
    ],
    ["half rotary", { ...shape, "llama.rope.dimension_count": 4 }, "base-unsupported", /a part of/],
    ["no width", { ...shape, "llama.embedding_length": 0 }, "format-corrupt", /is 0/],
    ["a broken head", { ...shape, "llama.attention.head_count": 5 }, "format-corrupt", /6\.4/],
    ["a lie", { ...shape, "llama.block_count": 2 ** 25 }, "format-corrupt", /cannot be in/],
    ["a text as number", { ...shape, "llama.block_count": "1" }, "format-corrupt", /is no number/],
    [
      "odd groups",
      { ...shape, "llama.attention.head_count_kv": 3 },
      "format-corrupt",
      /cannot share/,
    ],
  ])("%s", (_, values, code, message) => {
    const list = [tensor("token_embd.weight", [10, 32])];
    const file = openGguf(memorySource("model.gguf", bytesOf(values, list)));
    expect(() => ggufWeights(file)).toThrow(message);
    try {
      ggufWeights(file);
    } catch (thrown) {
      expect(SampanError.isInstance(thrown) && thrown.code).toBe(code);
    }
  });

  test("tensors missing, misshapen, in excess or unreadable", () => {
    const without = open(shape, (list) => list.slice(0, -1));
    expect(() => ggufWeights(without)).toThrow(/is missing/);
    const misshapen = open(shape, (list) =>
      list.map((each) => (each.name === "output_norm.weight" ? tensor(each.name, [31]) : each)),
    );
    expect(() => ggufWeights(misshapen)).toThrow(/is \[31\], but the metadata asks for \[32\]/);
    const more = open(shape, (list) => [...list, tensor("blk.0.ffn_gate_exps.weight", [2, 32])]);
    expect(() => ggufWeights(more)).toThrow(/ffn_gate_exps\.weight is not part of a llama model/);
  });

  test("an encoding that cannot be read", () => {
    const file = open(shape, (list) =>
      list.map((each) =>
        each.name === "blk.0.attn_q.weight"
          ? { ...each, encoding: "IQ4_NL", data: () => new Uint8Array(32 * 18) }
          : each,
      ),
    );
    expect(() => ggufWeights(file)).toThrow(/attn_q\.weight is in IQ4_NL; readable are F32/);
  });
});
