import { conformalIntervals, type HeldOutResidual } from "../../efficiency/conformal.ts";
import { isHeldOut, rounded, roundedPairs } from "../../efficiency/fold-table.ts";
import { modelFold, modelFolds } from "../../rows/model-fold.ts";
import type { ServingEfficiency } from "../efficiency.ts";
import { servingEffects, type ServingTable } from "../law/coefficients.ts";
import { fitServing } from "./fit-serving.ts";
import { predictSeconds } from "./predict-case.ts";
import type { ServingCase } from "./serving-case.ts";

/** Fits all figures, all but each source, all but the hold-out and all but a tenth of the models. */
export function makeServingEfficiency(
  cases: readonly ServingCase[],
  date: string,
): ServingEfficiency {
  const groups = [...new Set(cases.map(({ row }) => row.group))].sort();
  const fits = new Map(
    groups.map((group) => [group, fitServing(cases.filter(({ row }) => row.group !== group))]),
  );
  const residuals: readonly HeldOutResidual[] = cases.map((found) => ({
    group: found.row.group,
    kind: found.figure.kind,
    residual: Math.log(
      found.figure.seconds / predictSeconds(found, fits.get(found.row.group) ?? {}),
    ),
  }));
  const fold = (left: readonly string[], table: ServingTable): ServingEfficiency["holdOut"] => ({
    without: [...left],
    table: rounded(table),
    intervals: roundedPairs(
      conformalIntervals(residuals.filter(({ group }) => !left.includes(group))),
    ),
  });
  const held = groups.filter(isHeldOut);
  return {
    about:
      "Fitted by tools/fit-serving.ts on catalogue/published-runs.json; folds leave one source out and serve to judge.",
    date,
    figures: cases.length,
    groups,
    table: rounded(fitServing(cases)),
    intervals: roundedPairs(conformalIntervals(residuals)),
    holdOut: fold(held, fitServing(cases.filter(({ row }) => !held.includes(row.group)))),
    folds: groups.map((group) => fold([group], fits.get(group) ?? {})),
    modelFolds: Array.from({ length: modelFolds }, (_, part) => ({
      table: rounded(fitServing(cases.filter(({ row }) => modelFold(row.model) !== part))),
    })),
    support: support(cases),
  };
}

function support(cases: readonly ServingCase[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { circumstances } of cases) {
    for (const [key] of servingEffects(circumstances)) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
