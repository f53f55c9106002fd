import type { Family } from "../../schema/index.ts";
import { encodeBlocks } from "../blocks/encode-blocks.ts";
import { dequantize } from "../blocks/dequantize.ts";
import { corrupt } from "../corrupt.ts";
import type { TensorToWrite } from "../gguf/write.ts";
import type { SafetensorsEntry } from "../safetensors/open.ts";
import { headWidthOf } from "./config-metadata.ts";
import { refuse, type ModelFileConfig } from "./config-file.ts";
import type { ModelFolder } from "./folder.ts";
import type { ShardedTensors } from "./shards.ts";

/** GGUF's name of each part of a layer. Source: gguf-py's tensor mapping. */
const layerParts: Readonly<Record<string, string>> = {
  "input_layernorm.weight": "attn_norm.weight",
  "self_attn.q_proj.weight": "attn_q.weight",
  "self_attn.k_proj.weight": "attn_k.weight",
  "self_attn.v_proj.weight": "attn_v.weight",
  "self_attn.o_proj.weight": "attn_output.weight",
  "self_attn.q_proj.bias": "attn_q.bias",
  "self_attn.k_proj.bias": "attn_k.bias",
  "self_attn.v_proj.bias": "attn_v.bias",
  "self_attn.q_norm.weight": "attn_q_norm.weight",
  "self_attn.k_norm.weight": "attn_k_norm.weight",
  "mlp.gate_proj.weight": "ffn_gate.weight",
  "mlp.up_proj.weight": "ffn_up.weight",
  "mlp.down_proj.weight": "ffn_down.weight",
};
/** Gemma 3 has a norm after attention too, so its second norm is not the feed-forward's. */
const gemmaParts: Readonly<Record<string, string>> = {
  "post_attention_layernorm.weight": "post_attention_norm.weight",
  "pre_feedforward_layernorm.weight": "ffn_norm.weight",
  "post_feedforward_layernorm.weight": "post_ffw_norm.weight",
};
const otherParts: Readonly<Record<string, string>> = {
  "post_attention_layernorm.weight": "ffn_norm.weight",
};
const outerParts: Readonly<Record<string, string>> = {
  "model.embed_tokens.weight": "token_embd.weight",
  "model.norm.weight": "output_norm.weight",
  "lm_head.weight": "output.weight",
};

/** Values turned into halves at a time, so that a large embedding needs little memory. */
const chunkValues = 1 << 20;

/** Every tensor under GGUF's name and conventions: matrices in F16, vectors in F32. */
export function convertTensors(
  folder: ModelFolder,
  family: Family,
  config: ModelFileConfig,
  shards: ShardedTensors,
): TensorToWrite[] {
  const tied = config.tie_word_embeddings ?? family === "gemma3";
  const tensors: TensorToWrite[] = [];
  for (const [name, { file, key }] of shards) {
    if (name === "lm_head.weight" && tied) continue;
    if (name.endsWith("rotary_emb.inv_freq")) continue;
    const target = ggufName(name, family);
    const entry = file.tensors.get(key);
    if (target === undefined || entry === undefined) {
      throw refuse(folder, `the tensor ${name} is not part of a ${family} model here`);
    }
    const isMatrix = entry.shape.length === 2;
    const order = rowOrder(target, entry, family, config);
    const shift = family === "gemma3" && target.endsWith("norm.weight") ? 1 : 0;
    tensors.push({
      name: target,
      shape: entry.shape,
      encoding: isMatrix ? "F16" : "F32",
      data: () => {
        const raw = permuteRows(file.readRaw(key), entry, order);
        return isMatrix
          ? toHalves(file.name, name, entry.dtype, raw)
          : toVector(entry.dtype, raw, shift);
      },
    });
  }
  return tensors.sort((a, b) => compareNames(a.name, b.name));
}

function ggufName(name: string, family: Family): string | undefined {
  if (Object.hasOwn(outerParts, name)) return outerParts[name];
  const [, layer, part = ""] = /^model\.layers\.(\d{1,4})\.(.+)$/.exec(name) ?? [];
  if (layer === undefined) return undefined;
  const own = family === "gemma3" ? gemmaParts : otherParts;
  const found = Object.hasOwn(layerParts, part)
    ? layerParts[part]
    : Object.hasOwn(own, part)
      ? own[part]
      : undefined;
  return found === undefined ? undefined : `blk.${layer}.${found}`;
}

/**
 * llama.cpp's Llama graph rotates neighbouring channels (2i, 2i + 1), Hugging Face's the halves
 * (i, i + h/2): row 2i + p of a head comes from row p·h/2 + i. Source rows in the target's order.
 */
function rowOrder(
  target: string,
  { shape }: SafetensorsEntry,
  family: Family,
  config: ModelFileConfig,
): Uint32Array | undefined {
  if (family !== "llama" || !/attn_[qk]\.(weight|bias)$/.test(target)) return undefined;
  const head = headWidthOf(config);
  const rows = shape[0] ?? 0;
  if (rows % head !== 0 || head % 2 !== 0) return undefined;
  return Uint32Array.from({ length: rows }, (_, row) => {
    const within = row % head;
    return row - within + (within % 2) * (head / 2) + (within >> 1);
  });
}

function permuteRows(
  raw: Uint8Array,
  { shape, bytes }: SafetensorsEntry,
  order: Uint32Array | undefined,
): Uint8Array {
  if (order === undefined) return raw;
  const row = bytes / (shape[0] ?? 1);
  const out = new Uint8Array(raw.length);
  for (const [to, from] of order.entries()) {
    out.set(raw.subarray(from * row, (from + 1) * row), to * row);
  }
  return out;
}

function toHalves(file: string, name: string, dtype: string, raw: Uint8Array): Uint8Array {
  const size = elementBytes(file, name, dtype);
  if (dtype === "F16") return raw;
  const count = raw.length / size;
  const out = new Uint8Array(count * 2);
  for (let from = 0; from < count; from += chunkValues) {
    const to = Math.min(from + chunkValues, count);
    const values = dequantize(dtype, raw.subarray(from * size, to * size), to - from);
    // The largest finite half; a weight beyond it would become infinite.
    if (values.some((value) => !(Math.abs(value) <= 65_504))) {
      throw corrupt(file, 0, `${name} holds a weight that F16 cannot hold`);
    }
    out.set(encodeBlocks("F16", values), from * 2);
  }
  return out;
}

function toVector(dtype: string, raw: Uint8Array, shift: number): Uint8Array {
  const values = dequantize(dtype, raw, raw.length / elementBytes("", "", dtype));
  if (shift !== 0) for (const [i, value] of values.entries()) values[i] = value + shift;
  return encodeBlocks("F32", values);
}

function elementBytes(file: string, name: string, dtype: string): number {
  if (dtype === "F32") return 4;
  if (dtype === "F16" || dtype === "BF16") return 2;
  throw corrupt(file, 0, `${name} is in ${dtype}`, "Weights must be in F32, F16 or BF16.");
}

/** Embedding first, then layer by layer, as llama.cpp's converter orders them. */
function compareNames(a: string, b: string): number {
  const rank = (name: string): number => {
    const layer = /^blk\.(\d+)\./.exec(name)?.[1];
    if (layer !== undefined) return Number(layer) + 1;
    return name === "token_embd.weight" ? 0 : Number.MAX_SAFE_INTEGER;
  };
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}
