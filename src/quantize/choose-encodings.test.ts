import { describe, expect, test } from "vitest";
import type { TensorInfo } from "../schema/index.ts";
import { chooseEncodings, isQuantizable } from "./choose-encodings.ts";
import type { FilePrecision } from "./precision.ts";

const tensor = (name: string, ...shape: number[]): TensorInfo => ({ name, shape, encoding: "F32" });

/** Shapes of Gemma 3 270M: rows of 640 take no K-quant, rows of 1024 and 2048 do. */
function gemma(layers: number): TensorInfo[] {
  const tensors = [tensor("token_embd.weight", 262_144, 640), tensor("output_norm.weight", 640)];
  for (let layer = layers - 1; layer >= 0; layer--) {
    const part = (name: string, ...shape: number[]) => tensor(`blk.${layer}.${name}`, ...shape);
    tensors.push(part("attn_q.weight", 1024, 640), part("attn_v.weight", 256, 640));
    tensors.push(part("attn_output.weight", 640, 1024), part("ffn_down.weight", 640, 2048));
    tensors.push(part("attn_q_norm.weight", 256), part("attn_q.bias", 1024));
  }
  return tensors;
}

function choose(tensors: TensorInfo[], layers: number, precision: FilePrecision) {
  const choices = chooseEncodings(tensors, layers, precision);
  return new Map(choices.map(({ tensor: { name }, encoding }) => [name, encoding]));
}

describe("the choice of encodings", () => {
  test("writes the tensors in llama.cpp's order", () => {
    const names = chooseEncodings(gemma(11), 11, "Q8_0").map(({ tensor: { name } }) => name);
    expect(names.slice(0, 3)).toEqual([
      "output_norm.weight",
      "token_embd.weight",
      "blk.0.attn_output.weight",
    ]);
    const layers = names.flatMap((name) => /^blk\.(\d+)/.exec(name)?.[1] ?? []).map(Number);
    expect(layers).toEqual(layers.toSorted((a, b) => a - b));
  });

  test("mixes Q6_K into the outer eighths and each third layer between", () => {
    const chosen = choose(gemma(18), 18, "Q4_K_M");
    const better = Array.from({ length: 18 }, (_, layer) => layer).filter(
      (layer) => chosen.get(`blk.${layer}.ffn_down.weight`) === "Q6_K",
    );
    expect(better).toEqual([0, 1, 4, 7, 10, 13, 15, 16, 17]);
    expect(chosen.get("blk.2.ffn_down.weight")).toBe("Q4_K");
    expect(chosen.get("blk.0.attn_output.weight")).toBe("Q4_K");
  });

  test("falls back where 256 does not divide the row", () => {
    const chosen = choose(gemma(18), 18, "Q4_K_M");
    expect(chosen.get("token_embd.weight")).toBe("Q8_0");
    expect(chosen.get("blk.0.attn_q.weight")).toBe("Q5_0");
    expect(chosen.get("blk.0.attn_v.weight")).toBe("Q8_0");
    expect(choose(gemma(18), 18, "Q5_K_M").get("blk.0.attn_q.weight")).toBe("Q5_1");
    expect(choose(gemma(18), 18, "Q6_K").get("blk.0.attn_q.weight")).toBe("Q8_0");
  });

  test.each(["Q4_0", "Q4_K_M", "Q8_0"] as const)("stores rows no 32 divides as F16 (%s)", (to) => {
    const chosen = choose([tensor("blk.0.ffn_up.weight", 8, 40)], 1, to);
    expect(chosen.get("blk.0.ffn_up.weight")).toBe("F16");
  });

  test("gives a head of its own the better encoding, and then not the embedding", () => {
    const tensors = [tensor("token_embd.weight", 50, 256), tensor("output.weight", 50, 256)];
    const chosen = choose(tensors, 1, "Q4_0");
    expect(Object.fromEntries(chosen)).toEqual({
      "output.weight": "Q6_K",
      "token_embd.weight": "Q4_0",
    });
    expect(choose(tensors.slice(0, 1), 1, "Q4_0").get("token_embd.weight")).toBe("Q6_K");
  });

  test("leaves norms, biases and single rows alone", () => {
    const chosen = choose(gemma(1), 1, "Q4_0");
    expect(chosen.get("output_norm.weight")).toBe("F32");
    expect(chosen.get("blk.0.attn_q_norm.weight")).toBe("F32");
    expect(chosen.get("blk.0.attn_q.bias")).toBe("F32");
    expect(isQuantizable(tensor("blk.0.ffn_up.weight", 1, 640))).toBe(false);
  });
});
