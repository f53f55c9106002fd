export { judge, sameOutput } from "./judge.ts";
export { chooseClassical, type ClassicalChoice } from "./classical/choose-classical.ts";
export {
  readClassical,
  trainClassical,
  type ClassicalTraining,
} from "./classical/train-classical.ts";
export { trainTextClassifier, TextClassifier } from "./classical/text-classifier.ts";
export { SpanTagger, trainSpanTagger } from "./classical/span-tagger.ts";
export type { ClassicalModel, Prediction } from "./classical/classical-model.ts";
