export { renderReport } from "./render-report.ts";
export { renderTextSummary } from "./text-summary.ts";
export { collectFigures, type Figure } from "./figures.ts";
