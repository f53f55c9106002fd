import type { ModelConfig } from "../../schema/index.ts";
import { corrupt } from "../corrupt.ts";
import { unsupported } from "./model-config.ts";
import type { GgufFile } from "./open.ts";

/** Every tensor that a model of this shape must have, with its shape [out, in] or [n]. */
export function expectedTensors(config: ModelConfig): Map<string, readonly number[]> {
  const expected = new Map<string, readonly number[]>([
    ["token_embd.weight", [config.vocabulary, config.width]],
    ["output_norm.weight", [config.width]],
  ]);
  if (!config.tiedHead) expected.set("output.weight", [config.vocabulary, config.width]);
  for (let layer = 0; layer < config.layers; layer++) {
    for (const [part, shape] of layerTensors(config)) expected.set(`blk.${layer}.${part}`, shape);
  }
  return expected;
}

function layerTensors(config: ModelConfig): [string, readonly number[]][] {
  const { width, feedForward, headWidth } = config;
  const queries = config.heads * headWidth;
  const keys = config.kvHeads * headWidth;
  const parts: [string, readonly number[]][] = [
    ["attn_norm.weight", [width]],
    ["attn_q.weight", [queries, width]],
    ["attn_k.weight", [keys, width]],
    ["attn_v.weight", [keys, width]],
    ["attn_output.weight", [width, queries]],
    ["ffn_norm.weight", [width]],
    ["ffn_gate.weight", [feedForward, width]],
    ["ffn_up.weight", [feedForward, width]],
    ["ffn_down.weight", [width, feedForward]],
  ];
  if (config.attentionBias) {
    parts.push(["attn_q.bias", [queries]], ["attn_k.bias", [keys]], ["attn_v.bias", [keys]]);
  }
  if (config.headNorm) {
    parts.push(["attn_q_norm.weight", [headWidth]], ["attn_k_norm.weight", [headWidth]]);
  }
  if (config.sandwichNorm) {
    parts.push(["post_attention_norm.weight", [width]], ["post_ffw_norm.weight", [width]]);
  }
  return parts;
}

/** Checks that exactly the expected tensors are there: a missing one is damage, a further one a variant. */
export function checkTensors(file: GgufFile, config: ModelConfig): void {
  // Before the list is built: a lying layer count must not make it long.
  if (config.layers > file.tensors.size) {
    throw corrupt(
      file.name,
      0,
      `${config.layers} layers cannot be in ${file.tensors.size} tensors`,
    );
  }
  const expected = expectedTensors(config);
  for (const [name, shape] of expected) {
    const tensor = file.tensors.get(name);
    if (tensor === undefined) throw corrupt(file.name, 0, `the tensor ${name} is missing`);
    if (tensor.shape.join() !== shape.join()) {
      throw corrupt(
        file.name,
        tensor.offset,
        `${name} is [${tensor.shape.join(", ")}], but the metadata asks for [${shape.join(", ")}]`,
      );
    }
  }
  for (const name of file.tensors.keys()) {
    if (!expected.has(name) && name !== "rope_freqs.weight") {
      throw unsupported(
        file.name,
        `the tensor ${name} is not part of a ${config.family} model here`,
      );
    }
  }
}
