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
