import { fitsColumns } from "../formats/index.ts";
import type { TensorInfo } from "../schema/index.ts";
import { precisions, type FilePrecision } from "./precision.ts";

/** Which encoding each tensor of a file gets at a precision. */
export interface EncodingChoice {
  readonly tensor: TensorInfo;
  readonly encoding: string;
}

/** Where a 256-wide block does not divide the row. Source: tensor_type_fallback, src/llama-quant.cpp. */
const fallbacks: Readonly<Record<string, string>> = { Q4_K: "Q5_0", Q5_K: "Q5_1", Q6_K: "Q8_0" };

/**
 * The encoding llama.cpp's quantizer gives each tensor of a float file, in the order it writes them.
 * Source: llama_tensor_get_type and tensor_allows_quantization in llama.cpp's src/llama-quant.cpp. One
 * rule is ours: rows that are no multiple of 32 become F16 where llama.cpp gives up for the 32-wide types.
 * @param layers number of blocks of the model
 */
export function chooseEncodings(
  tensors: Iterable<TensorInfo>,
  layers: number,
  precision: FilePrecision,
): EncodingChoice[] {
  const ordered = [...tensors].sort(byLayerThenName);
  const tied = !ordered.some(({ name }) => name === "output.weight");
  const values = ordered.filter(({ name }) => name.includes("attn_v.weight")).length;
  let value = 0;
  let down = 0;
  return ordered.map((tensor) => {
    if (!isQuantizable(tensor)) return { tensor, encoding: tensor.encoding };
    const { encoding, mixes } = precisions[precision];
    if (encoding === "F32" || encoding === "F16") return { tensor, encoding };
    const { name } = tensor;
    const columns = tensor.shape.at(-1) ?? 1;
    let chosen = encoding;
    if (name === "output.weight" || (tied && name === "token_embd.weight")) {
      chosen = encodeHead(encoding, columns);
    } else if (name.includes("attn_v.weight")) {
      if (mixes && deservesMoreBits(value++, values)) chosen = "Q6_K";
    } else if (name.includes("ffn_down")) {
      if (mixes && deservesMoreBits(down++, layers)) chosen = "Q6_K";
    }
    return { tensor, encoding: fitEncoding(chosen, columns) };
  });
}

/** Whether the quantizer touches this tensor: matrices (ggml counts no extent of 1) that are not norms. */
export function isQuantizable({ name, shape }: TensorInfo): boolean {
  const isMatrix = shape.slice(0, -1).some((extent) => extent > 1);
  return isMatrix && name.endsWith("weight") && !name.includes("_norm.weight");
}

/** The output projection keeps more bits than the rest, also where it is the token embedding. */
function encodeHead(encoding: string, columns: number): string {
  return encoding === "Q8_0" || !fitsColumns(encoding, columns) ? "Q8_0" : "Q6_K";
}

/** The first and last eighth of the layers, and each third between. */
function deservesMoreBits(layer: number, layers: number): boolean {
  const eighth = Math.floor(layers / 8);
  return layer < eighth || layer >= Math.floor((7 * layers) / 8) || (layer - eighth) % 3 === 2;
}

function fitEncoding(encoding: string, columns: number): string {
  if (fitsColumns(encoding, columns)) return encoding;
  const narrower = fallbacks[encoding];
  return narrower !== undefined && fitsColumns(narrower, columns) ? narrower : "F16";
}

/** The order of llama.cpp's weights map: outside the layers first, then by layer, then by name. */
function byLayerThenName(a: TensorInfo, b: TensorInfo): number {
  const layers = layerOf(a.name) - layerOf(b.name);
  return layers !== 0 ? layers : a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function layerOf(name: string): number {
  const match = /^blk\.(\d+)\./.exec(name);
  return match?.[1] === undefined ? -1 : Number(match[1]);
}
