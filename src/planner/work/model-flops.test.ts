import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meanKeys } from "./attention-core.ts";
import { trainingFlops } from "./model-flops.ts";
import { readConfig } from "./read-config.ts";

function gpt(width: number, layers: number, vocabulary: number) {
  return readConfig(
    {
      model_type: "gpt_neox",
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: 8,
      intermediate_size: 4 * width,
      vocab_size: vocabulary,
    },
    "gpt",
  );
}

describe("operations of training", () => {
  test("72 l h^2 (1 + s / 6h + V / 12 l h) per token (Narayanan et al. 2021, equation 3 without recompute)", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }).map((factor) => factor * 512),
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom(1_024, 2_048, 8_192),
        (width, layers, sequence) => {
          const vocabulary = 51_200;
          const paper =
            72 *
            layers *
            width ** 2 *
            (1 + sequence / (6 * width) + vocabulary / (12 * layers * width));
          const ours = trainingFlops(gpt(width, layers, vocabulary), sequence, "full-attention");
          expect(ours / paper).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  test("six per parameter is the same without attention", () => {
    const model = gpt(4_096, 32, 51_200);
    const sixN = trainingFlops(model, 2_048, "six-n");
    const full = trainingFlops(model, 1, "causal");
    // Biases and norms are parameters but no products.
    expect(sixN / full).toBeCloseTo(1, 3);
  });

  test("mean keys of a causal sequence by counting", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        (sequence, window) => {
          let keys = 0;
          for (let query = 1; query <= sequence; query++) keys += Math.min(query, window);
          expect(meanKeys(sequence, window)).toBeCloseTo(keys / sequence, 9);
        },
      ),
    );
  });

  test("DeepSeek-V3 forward and backward is about 250 GFLOP per token at 4,096", () => {
    const model = readConfig(
      {
        model_type: "deepseek_v3",
        hidden_size: 7_168,
        num_hidden_layers: 61,
        num_attention_heads: 128,
        q_lora_rank: 1_536,
        kv_lora_rank: 512,
        qk_rope_head_dim: 64,
        qk_nope_head_dim: 128,
        v_head_dim: 128,
        intermediate_size: 18_432,
        moe_intermediate_size: 2_048,
        n_routed_experts: 256,
        num_experts_per_tok: 8,
        n_shared_experts: 1,
        first_k_dense_replace: 3,
        vocab_size: 129_280,
      },
      "deepseek-v3",
    );
    // 6 x 37 B and attention; the count behind "180K GPU hours per trillion tokens" at about 38 % of 989 TFLOPS.
    expect(trainingFlops(model, 4_096, "causal") / 1e9).toBeCloseTo(250, -1.5);
  });
});
