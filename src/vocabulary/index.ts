export { keepReasons, type KeepReason, type TokenChoice } from "./choose-tokens.ts";
export { describeVocabulary, type VocabularyDescription } from "./describe-vocabulary.ts";
export { Encoder } from "./encoder.ts";
export { extendVocabulary, type ExtendedVocabulary } from "./extend/extend-vocabulary.ts";
export { readCorpus } from "./read-corpus.ts";
export { readTokenTable, type TokenTable } from "./token-table.ts";
export { tokenizerFiles } from "./tokenizer-json.ts";
export {
  trimVocabulary,
  type TrimmedVocabulary,
  type TrimVocabularyRequest,
} from "./trim-vocabulary.ts";
