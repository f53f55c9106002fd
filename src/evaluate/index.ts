export { judge } from "./judge.ts";
export { applyMap } from "./confidence-map.ts";
export type { ThresholdChoice } from "./choose-threshold.ts";
export { assess, type AssessTerms } from "./assess.ts";
export { confusionOf, worstMistakes } from "./break-down.ts";
export { buildChains, type BuiltChain } from "./build-chains.ts";
export type { ChainMove } from "./run-chain.ts";
export { openChainAnswerer } from "./chain-answerer.ts";
export { select } from "./select.ts";
export { selectionOptimism, type SelectionEvidence } from "./compare-costs.ts";
export { costWaterfall } from "./cost-waterfall.ts";
export { chooseClassical, type ClassicalChoice } from "./classical/choose-classical.ts";
export {
  readClassical,
  trainClassical,
  type ClassicalTraining,
} from "./classical/train-classical.ts";
export type { ClassicalModel, Prediction } from "./classical/classical-model.ts";
