export { judge, sameOutput } from "./judge.ts";
export { wilsonInterval } from "./intervals.ts";
export { applyMap, fitCalibration, identityMap } from "./confidence-map.ts";
export { chooseThreshold, type ThresholdChoice } from "./choose-threshold.ts";
export { assess, type AssessTerms } from "./assess.ts";
export { confusionOf, worstMistakes } from "./break-down.ts";
export { buildChains, type BuiltChain } from "./build-chains.ts";
export { nextMove, runChain, type ChainMove } from "./run-chain.ts";
export { openChainAnswerer } from "./chain-answerer.ts";
export { select, type SelectionEvidence } from "./select.ts";
export { costWaterfall } from "./cost-waterfall.ts";
export { chooseClassical, type ClassicalChoice } from "./classical/choose-classical.ts";
export {
  readClassical,
  trainClassical,
  type ClassicalTraining,
} from "./classical/train-classical.ts";
export { trainTextClassifier, TextClassifier } from "./classical/text-classifier.ts";
export { SpanTagger, trainSpanTagger } from "./classical/span-tagger.ts";
export type { ClassicalModel, Prediction } from "./classical/classical-model.ts";
