export { type Chip, type Wire } from "./chip.ts";
export {
  parseAccelerators,
  parseAdaptation,
  parseLinks,
  parsePrices,
  requireEntry,
} from "./catalogue/index.ts";
export { parseEfficiency, type Efficiency } from "./efficiency/efficiency-file.ts";
export { makeEfficiency } from "./rows/make-efficiency.ts";
export { parseModels, type KnownModel } from "./rows/known-model.ts";
export {
  readTrainingCase,
  type RowCatalogue,
  type TrainingCase,
  type UnusableRow,
} from "./rows/row-case.ts";
export {
  coverageOf,
  judgeTraining,
  summariseErrors,
  timeError,
  type ErrorSummary,
  type RowVerdict,
} from "./rows/validate-training.ts";
export { countParameters, type ParameterCount } from "./work/count-parameters.ts";
export { readConfig } from "./work/read-config.ts";
export { resolveGroup, type ResolvedGroup } from "./cluster.ts";
export { findTerm, termIds } from "./term.ts";
export { choosePlan, type ChosenPlan } from "./training/choose-plan.ts";
export { planTraining, type TrainingAnswer, type TrainingJob } from "./training/plan-training.ts";
export { chipsOf, type TrainingSetup } from "./training/setup.ts";
export { jointOf, planFleet } from "./fleet/index.ts";
export type { FleetAnswer, FleetGroup, FleetPlan } from "./fleet/index.ts";
export { adaptationCost, adaptationTax, sharesOfStep } from "./adaptation/index.ts";
export type { AdaptationCost, AdaptationTax } from "./adaptation/index.ts";
