export { corrupt } from "./corrupt.ts";
export { memorySource } from "./memory-source.ts";
export { dequantize, readableEncodings } from "./blocks/dequantize.ts";
export { encodeBlocks, writableEncodings } from "./blocks/encode-blocks.ts";
export { encodingId, encodingName, fitsColumns, rowBytes } from "./blocks/encodings.ts";
export { checkVocabulary } from "./gguf/check-vocabulary.ts";
export { boolAt, numberAt, numbersAt, textAt, textsAt } from "./gguf/lookup.ts";
export { readModelConfig } from "./gguf/model-config.ts";
export { openGguf, type GgufFile, type GgufTensor } from "./gguf/open.ts";
export { expectedTensors } from "./gguf/tensor-plan.ts";
export type { GgufArray, GgufMetadata, GgufNumberKind, GgufValue } from "./gguf/value.ts";
export { ggufWeights } from "./gguf/weights.ts";
export { ggufChunks, type TensorToWrite } from "./gguf/write.ts";
export {
  openSafetensors,
  type SafetensorsEntry,
  type SafetensorsFile,
} from "./safetensors/open.ts";
export { safetensorsChunks, type SafetensorToWrite } from "./safetensors/write.ts";
export { convertFolder } from "./hf/convert-folder.ts";
export type { ModelFolder } from "./hf/folder.ts";
