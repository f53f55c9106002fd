import type { NumberFormat } from "../../../schema/index.ts";

/** How the weights of a served model are stored, by part, and what its products compute in. */
export interface WeightFormat {
  /** Bytes per weight of routed experts, of other matrices in layers, and of the output projection. */
  readonly experts: number;
  readonly layers: number;
  readonly head: number;
  /** Formats that the products run in, best first; the first that the chip has a unit for counts. */
  readonly compute: readonly NumberFormat[];
  /** Weights are widened to 16 bits on the way to the product. */
  readonly widened: boolean;
}

const wide: readonly NumberFormat[] = ["bf16", "fp16", "tf32", "fp32"];

/** One byte count for all parts but the head. */
function uniform(bits: number, head: number, compute: readonly NumberFormat[]): WeightFormat {
  const bytes = bits / 8;
  return { experts: bytes, layers: bytes, head, compute, widened: compute === wide && bits < 16 };
}

/** Experts in 4 bits, the rest in `layers` bytes: how gpt-oss, NVFP4 (rest mostly fp8) and Kimi checkpoints are published. */
function fourBitExperts(
  bits: number,
  layers: number,
  compute: readonly NumberFormat[],
): WeightFormat {
  return { experts: bits / 8, layers, head: 2, compute, widened: compute === wide };
}

/**
 * Formats by name. GGUF types are bits per weight of llama.cpp's blocks: a block of 32 q4_0 weights is 18 bytes, of 256
 * q4_K weights 144 bytes; the `_m` mixtures are means over a Llama (llama.cpp, tools/quantize/README.md).
 */
const weightFormats = {
  fp32: uniform(32, 4, ["fp32"]),
  bf16: uniform(16, 2, wide),
  fp16: uniform(16, 2, wide),
  f16: uniform(16, 2, wide),
  fp8: uniform(8.03, 2, ["fp8", "int8", ...wide]),
  int8: uniform(8.1, 2, ["int8", "fp8", ...wide]),
  int4: uniform(4.25, 2, wide),
  "int4-experts": fourBitExperts(4.25, 2, wide),
  mxfp4: fourBitExperts(4.25, 2, wide),
  nvfp4: uniform(4.5, 2, ["fp4", "fp8", ...wide]),
  "nvfp4-experts": fourBitExperts(4.5, 1, ["fp4", "fp8", ...wide]),
  q8_0: uniform(8.5, 8.5 / 8, wide),
  q6_k: uniform(6.5625, 6.5625 / 8, wide),
  q5_k_m: uniform(5.67, 6.5625 / 8, wide),
  q4_k_m: uniform(4.83, 6.5625 / 8, wide),
  q4_k_s: uniform(4.57, 6.5625 / 8, wide),
  q4_1: uniform(5, 6.5625 / 8, wide),
  q4_0: uniform(4.5, 6.5625 / 8, wide),
  q3_k_m: uniform(3.89, 6.5625 / 8, wide),
  q2_k: uniform(3, 6.5625 / 8, wide),
} as const satisfies Readonly<Record<string, WeightFormat>>;

export type WeightFormatName = keyof typeof weightFormats;

export const weightFormatNames = Object.keys(weightFormats) as readonly WeightFormatName[];

export function weightFormatOf(name: WeightFormatName): WeightFormat {
  return weightFormats[name];
}

/** Bytes of one number of the KV cache by format; block formats with their scales. */
const cacheFormats = {
  bf16: 2,
  fp16: 2,
  fp8: 1,
  int8: 1.0625,
  q8_0: 1.0625,
  q4_0: 0.5625,
} as const;

export type CacheFormatName = keyof typeof cacheFormats;

export const cacheFormatNames = Object.keys(cacheFormats) as readonly CacheFormatName[];

export function cacheBytes(name: CacheFormatName): number {
  return cacheFormats[name];
}
