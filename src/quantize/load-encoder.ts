import { SampanError } from "../kernel/index.ts";
import { ownEncoder, type BlockEncoder } from "./block-encoder.ts";
import { loadGgmlEncoder } from "./ggml-library.ts";

/**
 * llama.cpp's encoders on up to `threads` threads, or Sampan's own where the library is not installed
 * (they give the same bytes, but no K-quants).
 */
export async function loadBlockEncoder(threads: number): Promise<BlockEncoder> {
  try {
    return await loadGgmlEncoder(threads);
  } catch (cause) {
    if (SampanError.isInstance(cause) && cause.code === "dependency-missing") return ownEncoder;
    throw cause;
  }
}
