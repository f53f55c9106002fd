export { renderReport } from "./render-report.ts";
export { renderTextSummary, type TextSummaryOptions } from "./text-summary.ts";
export { collectFigures, traceFigures, type TracedFigure } from "./figures/collect-figures.ts";
export type { Figure } from "./figures/figure.ts";
