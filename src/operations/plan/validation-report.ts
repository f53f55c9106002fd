import { coverageOf, summariseErrors, timeError, type RowVerdict } from "../../planner/index.ts";
import type { PlanReport } from "../../schema/index.ts";

/** The page of a validation: every row as a dot, predicted against measured, and the errors beside the baselines. */
export function validationReport(
  verdicts: readonly RowVerdict[],
  made: { readonly sampanVersion: string; readonly date: string },
): PlanReport {
  const dense = verdicts.filter(({ found }) => !found.sparse);
  const sparse = verdicts.filter(({ found }) => found.sparse);
  const furthest = [...verdicts]
    .sort((a, b) => Math.abs(logError(b)) - Math.abs(logError(a)))
    .slice(0, 5);
  return {
    title: "Predictions held against published runs",
    answer: `${verdicts.length} rows, each predicted by coefficients that never saw its source; the 80 % intervals cover ${(100 * coverageOf(verdicts)).toFixed(1)} %.`,
    facts: [],
    charts: [
      {
        kind: "dots",
        heading: "Predicted and measured rates",
        caption:
          "Tokens per second and accelerator, one dot a row; filled dots are dense models, hollow ones have experts, and the furthest five are named.",
        x: { label: "measured", log: true },
        y: { label: "predicted", log: true },
        diagonal: true,
        dots: verdicts.map((verdict) => ({
          x: verdict.found.measured,
          y: verdict.heldOut,
          label: verdict.found.row.id,
          named: furthest.includes(verdict),
          group: verdict.found.sparse ? "experts" : "dense",
        })),
      },
      ...[["Dense models", dense] as const, ["Models with experts", sparse] as const]
        .filter(([, rows]) => rows.length > 0)
        .map(([heading, rows]) => errorBars(heading, rows)),
    ],
    ...made,
  };
}

function errorBars(heading: string, rows: readonly RowVerdict[]): PlanReport["charts"][number] {
  const lines: readonly (readonly [string, (verdict: RowVerdict) => number])[] = [
    ["planner, source left out", ({ heldOut }) => heldOut],
    ["planner, model left out", ({ heldOutModel }) => heldOutModel],
    ["planner, in sample", ({ inSample }) => inSample],
    ["constant efficiency, other sources", ({ bySource }) => bySource],
    ["constant efficiency, other models", ({ byModel }) => byModel],
    ["roofline (peak)", ({ roofline }) => roofline],
  ];
  return {
    kind: "bars",
    heading: `${heading}: mean absolute error of step time`,
    caption: `Over ${rows.length} rows, planner and simple rules.`,
    unit: "%",
    stacked: false,
    bars: lines.map(([label, pick]) => {
      const { mean } = summariseErrors(label, rows, pick);
      return { label, value: 100 * mean, text: `${(100 * mean).toFixed(1)} %` };
    }),
  };
}

function logError({ found, heldOut }: RowVerdict): number {
  return Math.log1p(timeError(found, heldOut));
}
