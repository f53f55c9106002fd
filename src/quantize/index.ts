export { ownEncoder, type BlockEncoder } from "./block-encoder.ts";
export { findGgmlLibrary } from "./ggml-library.ts";
export { loadBlockEncoder } from "./load-encoder.ts";
export { mergeAndQuantize, type QuantizeRequest } from "./merge-and-quantize.ts";
export { precisions, type FilePrecision } from "./precision.ts";
