import { expectedTensors, ggufChunks, type GgufValue } from "../src/formats/index.ts";
import { Random } from "../src/kernel/index.ts";
import type { Family, ModelConfig } from "../src/schema/index.ts";

export interface ToyShape {
  readonly family: Family;
  readonly width: number;
  readonly feedForward: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  readonly vocabulary: number;
  readonly tiedHead: boolean;
}

/** A GGUF of a small random model, all F32, without a tokenizer: for code that only moves weights. */
export function toyModel(shape: ToyShape, seed = 1): Uint8Array {
  const { family } = shape;
  const config: ModelConfig = {
    ...shape,
    normEpsilon: 1e-6,
    ropeBase: 10_000,
    ropePairing: family === "llama" ? "interleaved" : "halves",
    attentionBias: family === "qwen2",
    headNorm: family === "qwen3" || family === "gemma3",
    sandwichNorm: family === "gemma3",
    activation: family === "gemma3" ? "gelu-tanh" : "silu",
    embeddingScale: 1,
    attentionScale: 1,
    contextLength: 512,
  };
  const tensors = [...expectedTensors(config)].map(([name, extents]) => ({
    name,
    shape: extents,
    encoding: "F32",
    data(): Uint8Array {
      const random = new Random(seed, name);
      const count = extents.reduce((product, extent) => product * extent, 1);
      return new Uint8Array(
        Float32Array.from({ length: count }, () => random.next() / 10 - 0.05).buffer,
      );
    },
  }));
  return Buffer.concat([...ggufChunks(toyMetadata(shape), tensors)]);
}

function toyMetadata(shape: ToyShape): Map<string, GgufValue> {
  const { family, width, layers, heads, kvHeads, headWidth, feedForward } = shape;
  const whole = (name: string, value: number): [string, GgufValue] => [
    `${family}.${name}`,
    { kind: "u32", value },
  ];
  return new Map<string, GgufValue>([
    ["general.architecture", { kind: "text", value: family }],
    ["general.name", { kind: "text", value: `toy ${family}` }],
    ["general.file_type", { kind: "u32", value: 0 }],
    whole("vocab_size", shape.vocabulary),
    whole("context_length", 512),
    whole("embedding_length", width),
    whole("block_count", layers),
    whole("feed_forward_length", feedForward),
    whole("attention.head_count", heads),
    whole("attention.head_count_kv", kvHeads),
    whole("attention.key_length", headWidth),
    whole("attention.value_length", headWidth),
    whole("rope.dimension_count", headWidth),
    whole("attention.sliding_window", 64),
    [`${family}.attention.layer_norm_rms_epsilon`, { kind: "f32", value: 1e-6 }],
  ]);
}
