import { SampanError } from "../../kernel/index.ts";
import { decodeBF16, decodeF16, decodeF32 } from "./decode-float.ts";
import { decodeQ4_K, decodeQ5_K, decodeQ6_K } from "./decode-k.ts";
import { decodeQ4_0, decodeQ4_1 } from "./decode-q4.ts";
import { decodeQ5_0, decodeQ5_1 } from "./decode-q5.ts";
import { decodeQ8_0 } from "./decode-q8.ts";
import { rowBytes } from "./encodings.ts";

/**
 * Arithmetic runs in f64 and is rounded once on storing. That equals llama.cpp's f32 arithmetic bit for
 * bit: a half (11 bits) times a scale (8 bits at most) is exact in f32, so one rounding is left in both.
 */
const decoders: Readonly<Record<string, (bytes: Uint8Array, out: Float32Array) => void>> = {
  F32: decodeF32,
  F16: decodeF16,
  BF16: decodeBF16,
  Q8_0: decodeQ8_0,
  Q4_0: decodeQ4_0,
  Q4_1: decodeQ4_1,
  Q5_0: decodeQ5_0,
  Q5_1: decodeQ5_1,
  Q4_K: decodeQ4_K,
  Q5_K: decodeQ5_K,
  Q6_K: decodeQ6_K,
};

/** Encodings whose weights can be read as f32. */
export const readableEncodings: readonly string[] = Object.keys(decoders);

/** `count` weights as f32, bit-equal to llama.cpp's; `base-unsupported` for an encoding not in the list. */
export function dequantize(encoding: string, bytes: Uint8Array, count: number): Float32Array {
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (decode === undefined) {
    throw new SampanError("base-unsupported", `weights in ${encoding} cannot be read`, {
      hint: `Use a file in one of ${readableEncodings.join(", ")}.`,
    });
  }
  const needed = rowBytes(encoding, count);
  if (bytes.length !== needed) {
    throw new SampanError("internal", `${count} weights in ${encoding} are ${needed} bytes`, {
      hint: `${bytes.length} bytes were given; please report it with the command you ran.`,
    });
  }
  const out = new Float32Array(count);
  // The 16-bit formats are read through a typed array, which must start at an even byte.
  decode(bytes.byteOffset % 2 === 0 ? bytes : new Uint8Array(bytes), out);
  return out;
}
