import { ggufChunks, type GgufMetadata } from "../formats/index.ts";
import type { Adapter, ModelConfig } from "../schema/index.ts";

/**
 * The adapter as a GGUF file that llama.cpp loads beside its base (`--lora`). Keys and tensor names:
 * llama.cpp, src/llama-adapter.cpp; tensors are F32.
 */
export function adapterGgufChunks(adapter: Adapter, config: ModelConfig): Iterable<Uint8Array> {
  const metadata: GgufMetadata = new Map([
    ["general.type", { kind: "text", value: "adapter" }],
    ["general.architecture", { kind: "text", value: config.family }],
    ["adapter.type", { kind: "text", value: "lora" }],
    ["adapter.lora.alpha", { kind: "f32", value: adapter.alpha }],
  ]);
  const tensors = adapter.pairs.flatMap((pair) => [
    tensor(`${pair.target}.lora_a`, [adapter.rank, pair.in], pair.a),
    tensor(`${pair.target}.lora_b`, [pair.out, adapter.rank], pair.b),
  ]);
  return ggufChunks(metadata, tensors);
}

function tensor(name: string, shape: readonly number[], values: Float32Array) {
  const { buffer, byteOffset, byteLength } = values;
  return {
    name,
    shape,
    encoding: "F32",
    data: () => new Uint8Array(buffer, byteOffset, byteLength),
  };
}
