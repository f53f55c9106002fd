import { SampanError } from "../../kernel/index.ts";
import { encodeBF16, encodeF16, encodeF32 } from "./encode-float.ts";
import { encodeQ4_0, encodeQ4_1, encodeQ5_0, encodeQ5_1, encodeQ8_0 } from "./encode-q.ts";
import { rowBytes } from "./encodings.ts";

const encoders: Readonly<Record<string, (values: Float32Array, out: Uint8Array) => void>> = {
  F32: encodeF32,
  F16: encodeF16,
  BF16: encodeBF16,
  Q8_0: encodeQ8_0,
  Q4_0: encodeQ4_0,
  Q4_1: encodeQ4_1,
  Q5_0: encodeQ5_0,
  Q5_1: encodeQ5_1,
};

/** Encodings that `encodeBlocks` can write. */
export const writableEncodings: readonly string[] = Object.keys(encoders);

/**
 * Weights in the blocks of an encoding, byte-equal to ggml's reference quantizers (no importance matrix).
 * The length must fill whole blocks; `base-unsupported` for an encoding not in the list.
 */
export function encodeBlocks(encoding: string, values: Float32Array): Uint8Array {
  const encode = Object.hasOwn(encoders, encoding) ? encoders[encoding] : undefined;
  if (encode === undefined) {
    throw new SampanError("base-unsupported", `weights cannot be written in ${encoding} here`, {
      hint: `Choose one of ${writableEncodings.join(", ")}.`,
    });
  }
  const out = new Uint8Array(rowBytes(encoding, values.length));
  encode(values, out);
  return out;
}
