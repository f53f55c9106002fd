export { renderReport } from "./render-report.ts";
export { renderTextSummary } from "./text-summary.ts";
export { traceFigures } from "./figures/collect-figures.ts";
export { renderPlan } from "./plan/render-plan.ts";
