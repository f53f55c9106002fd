export { parseServingEfficiency, type ServingEfficiency } from "./efficiency.ts";
export { makeServingEfficiency } from "./rows/make-serving-efficiency.ts";
export {
  figureKinds,
  judgeServing,
  servingCoverage,
  servingErrors,
  type ServingErrors,
  type ServingVerdict,
} from "./rows/judge-serving.ts";
export { readServingCases, type FigureKind, type ServingCase } from "./rows/serving-case.ts";
export { chooseTensor } from "./choose-setup.ts";
export {
  cacheFormatNames,
  weightFormatNames,
  type CacheFormatName,
  type WeightFormatName,
} from "./law/formats.ts";
export type { ServingSetup } from "./law/setup.ts";
export {
  planServing,
  simulateTraffic,
  type ServingAnswer,
  type ServingJob,
} from "./plan-serving.ts";
export { parseBounds } from "./slo.ts";
