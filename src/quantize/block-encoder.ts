import { encodeBlocks, writableEncodings } from "../formats/index.ts";
import { SampanError } from "../kernel/index.ts";

/** Turns f32 weights into ggml's blocks. */
export interface BlockEncoder {
  /** Whose code it is, for reports. */
  readonly name: string;
  canEncode(encoding: string): boolean;
  /** Row-major weights [rows, columns] in a named encoding; the bytes are row-major too. */
  encode(encoding: string, values: Float32Array, columns: number): Promise<Uint8Array>;
}

/** Sampan's own encoders: the same bytes as llama.cpp's, on one thread, without the K-quants. */
export const ownEncoder: BlockEncoder = {
  name: "sampan",
  canEncode: (encoding) => writableEncodings.includes(encoding),
  encode: async (encoding, values) => encodeBlocks(encoding, values),
};

/** `dependency-missing` for the first encoding that needs llama.cpp's library where it is not there. */
export function checkEncodings(encoder: BlockEncoder, encodings: Iterable<string>): void {
  for (const encoding of encodings) {
    if (encoder.canEncode(encoding)) continue;
    throw new SampanError("dependency-missing", `${encoding} needs llama.cpp's own encoder`, {
      hint: "Run: npm install node-llama-cpp koffi; or choose F16, Q8_0, Q4_0 or Q4_1, which need neither.",
      details: { encoding, encoder: encoder.name },
    });
  }
}
