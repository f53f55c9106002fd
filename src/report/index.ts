export { renderReport } from "./render-report.ts";
export { renderTextSummary } from "./text-summary.ts";
export { collectFigures, traceFigures } from "./figures/collect-figures.ts";
