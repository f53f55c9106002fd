export type { BlockEncoder } from "./block-encoder.ts";
export { chooseEncodings, type EncodingChoice } from "./choose-encodings.ts";
export { findGgmlLibrary, loadGgmlEncoder } from "./ggml-library.ts";
export {
  mergeAndQuantize,
  type QuantizedFile,
  type QuantizeRequest,
} from "./merge-and-quantize.ts";
export type { PlannedTensor } from "./plan-file.ts";
export { precisions, type FilePrecision } from "./precision.ts";
