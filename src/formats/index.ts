export { memorySource } from "./memory-source.ts";
export { byteOfLetter, letterOfByte } from "./byte-letters.ts";
export {
  preTokenizers,
  wordsPattern,
  type PreTokenizer,
  type SplitStep,
} from "./pre-tokenizers.ts";
export { tokenType } from "./token-type.ts";
export { encodeBlocks, writableEncodings } from "./blocks/encode-blocks.ts";
export { encodingId, fitsColumns, rowBytes } from "./blocks/encodings.ts";
export { checkVocabulary } from "./gguf/check-vocabulary.ts";
export { boolAt, numberAt, numbersAt, textAt, textsAt } from "./gguf/lookup.ts";
export { openGguf, type GgufFile, type GgufTensor } from "./gguf/open.ts";
export { expectedTensors } from "./gguf/tensor-plan.ts";
export type { GgufMetadata, GgufValue } from "./gguf/value.ts";
export { ggufWeights } from "./gguf/weights.ts";
export { ggufChunks, type TensorToWrite } from "./gguf/write.ts";
export { openSafetensors } from "./safetensors/open.ts";
export { safetensorsChunks } from "./safetensors/write.ts";
export { convertFolder } from "./hf/convert-folder.ts";
export type { ModelFolder } from "./hf/folder.ts";
