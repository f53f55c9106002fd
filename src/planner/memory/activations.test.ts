import { describe, expect, test } from "vitest";
import type { Architecture, LayerGroup } from "../../schema/index.ts";
import { readConfig } from "../work/read-config.ts";
import { layerActivationBytes } from "./activations.ts";

const sequence = 2_048;

function gpt(width: number, heads: number): { model: Architecture; layer: LayerGroup } {
  const model = readConfig(
    { model_type: "gpt2", n_embd: width, n_layer: 1, n_head: heads, vocab_size: 51_200 },
    "gpt",
  );
  const [layer] = model.groups;
  if (layer === undefined) throw new Error("no layer");
  return { model, layer };
}

const plain = {
  tensor: 1,
  sequenceParallel: false,
  recompute: "none",
  flashAttention: false,
  expertTensor: 1,
} as const;

/** Korthikanti et al. 2022 (arXiv:2205.05198), table 2, per token: formulas over h, a, s and t. */
const rows = [
  ["no parallelism", plain, (h: number, a: number) => 34 * h + 5 * a * sequence],
  [
    "tensor",
    { ...plain, tensor: 8 },
    (h: number, a: number) => 10 * h + (24 * h + 5 * a * sequence) / 8,
  ],
  [
    "tensor and sequence",
    { ...plain, tensor: 8, sequenceParallel: true },
    (h: number, a: number) => (34 * h + 5 * a * sequence) / 8,
  ],
  [
    "tensor, selective recompute",
    { ...plain, tensor: 8, recompute: "selective" },
    (h: number) => 10 * h + (24 * h) / 8,
  ],
  [
    "tensor and sequence, selective recompute",
    { ...plain, tensor: 8, sequenceParallel: true, recompute: "selective" },
    (h: number) => (34 * h) / 8,
  ],
  ["full recompute", { ...plain, tensor: 8, recompute: "full" }, (h: number) => 2 * h],
] as const;

describe("activations of a GPT layer", () => {
  test.each(rows)("%s", (_, keeping, expected) => {
    for (const [width, heads] of [
      [6_144, 64],
      [12_288, 96],
      [20_480, 128],
      [25_600, 160],
    ] as const) {
      const { model, layer } = gpt(width, heads);
      expect(layerActivationBytes(layer, model, keeping, sequence)).toBeCloseTo(
        expected(width, heads),
        6,
      );
    }
  });

  test("a fused kernel keeps no scores", () => {
    const { model, layer } = gpt(6_144, 64);
    const fused = layerActivationBytes(layer, model, { ...plain, flashAttention: true }, sequence);
    expect(fused).toBe(34 * 6_144);
  });
});
