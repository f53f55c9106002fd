import { effectsOf, type CoefficientTable } from "../efficiency/coefficients.ts";
import { conformalIntervals, type HeldOutResidual } from "../efficiency/conformal.ts";
import { isHeldOut, rounded, roundedPairs } from "../efficiency/fold-table.ts";
import type { Efficiency } from "../efficiency/efficiency-file.ts";
import { fitTraining, predictRate } from "./fit-training.ts";
import type { TrainingCase } from "./row-case.ts";
import { modelFold, modelFolds } from "./model-fold.ts";
import { intervalKind } from "./validate-training.ts";

/** Fits all rows, all but each source, and all but the fixed hold-out; intervals come from held-out residuals. */
export function makeEfficiency(cases: readonly TrainingCase[], date: string): Efficiency {
  const groups = [...new Set(cases.map(({ row }) => row.group))].sort();
  const fits = new Map(
    groups.map((group) => [group, fitTraining(cases.filter(({ row }) => row.group !== group))]),
  );
  const residuals: readonly HeldOutResidual[] = cases.map((found) => ({
    group: found.row.group,
    kind: intervalKind(found),
    residual: Math.log(predictRate(found, fits.get(found.row.group) ?? {}) / found.measured),
  }));
  const without = (left: readonly string[]): readonly HeldOutResidual[] =>
    residuals.filter(({ group }) => !left.includes(group));
  const fold = (left: readonly string[], table: CoefficientTable): Efficiency["holdOut"] => ({
    without: [...left],
    table: rounded(table),
    intervals: roundedPairs(conformalIntervals(without(left))),
  });
  const held = groups.filter(isHeldOut);
  return {
    about:
      "Fitted by tools/fit-planner.ts on catalogue/published-runs.json; folds leave one source out and serve to judge.",
    date,
    rows: cases.length,
    groups,
    table: rounded(fitTraining(cases)),
    intervals: roundedPairs(conformalIntervals(residuals)),
    holdOut: fold(held, fitTraining(cases.filter(({ row }) => !held.includes(row.group)))),
    folds: groups.map((group) => fold([group], fits.get(group) ?? {})),
    modelFolds: Array.from({ length: modelFolds }, (_, fold) => ({
      table: rounded(fitTraining(cases.filter(({ row }) => modelFold(row.model) !== fold))),
    })),
    support: support(cases),
  };
}

function support(cases: readonly TrainingCase[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { circumstances } of cases) {
    for (const [key] of effectsOf(circumstances)) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
