import { mean, quantile } from "../../kernel/index.ts";
import { intervalOf } from "../efficiency/conformal.ts";
import { tableWithout, type Efficiency } from "../efficiency/efficiency-file.ts";
import { constantEfficiency, peakRate } from "./baselines.ts";
import { predictRate } from "./fit-training.ts";
import { modelFold } from "./model-fold.ts";
import type { TrainingCase } from "./row-case.ts";

/** One row's predictions; rates in tokens per second and accelerator. */
export interface RowVerdict {
  readonly found: TrainingCase;
  /** By the fit that never saw the row's source, with its 80 % interval. */
  readonly heldOut: number;
  readonly low: number;
  readonly high: number;
  /** By the fit of all rows; equal to `heldOut` for a source that is not in the fit. */
  readonly inSample: number;
  /** By a fit that saw the source but not the model. */
  readonly heldOutModel: number;
  /** By the fit without the fixed hold-out. */
  readonly fixed: number;
  readonly byModel: number;
  readonly bySource: number;
  readonly roofline: number;
}

/** Errors of step time over a set of rows, as shares of the measured time. */
export interface ErrorSummary {
  readonly label: string;
  readonly rows: number;
  readonly mean: number;
  readonly median: number;
  readonly p90: number;
  /** Median of signed errors: above 0, predicted steps are too long. */
  readonly bias: number;
}

/** The class of a case whose residuals its interval comes from. */
export function intervalKind({ sparse, setup }: TrainingCase): string {
  return sparse
    ? "experts"
    : setup.plan.precision === "bf16" || setup.plan.precision === "fp16"
      ? "dense"
      : "dense-8bit";
}

/** Predicts every case held out by source, beside baselines that learn from `references`. */
export function judgeTraining(
  cases: readonly TrainingCase[],
  efficiency: Efficiency,
  references: readonly TrainingCase[] = cases,
): readonly RowVerdict[] {
  const otherModel = (a: TrainingCase, b: TrainingCase): boolean => a.row.model !== b.row.model;
  const otherSource = (a: TrainingCase, b: TrainingCase): boolean => a.row.group !== b.row.group;
  const byModel = constantEfficiency(cases, references, otherModel);
  const bySource = constantEfficiency(cases, references, otherSource);
  return cases.map((found, index) => {
    const { table, intervals } = tableWithout(efficiency, found.row.group);
    const heldOut = predictRate(found, table);
    const [low, high] = intervalOf(intervals, intervalKind(found));
    return {
      found,
      heldOut,
      // Residuals are of times; a longer time is a lower rate.
      low: heldOut * Math.exp(-high),
      high: heldOut * Math.exp(-low),
      inSample: predictRate(found, efficiency.table),
      heldOutModel: predictRate(
        found,
        efficiency.modelFolds[modelFold(found.row.model)]?.table ?? efficiency.table,
      ),
      fixed: predictRate(found, efficiency.holdOut.table),
      byModel: byModel[index] ?? Number.NaN,
      bySource: bySource[index] ?? Number.NaN,
      roofline: peakRate(found),
    };
  });
}

/** Step-time error of a predicted rate: predicted time over measured time, less one. */
export function timeError(found: TrainingCase, rate: number): number {
  return found.measured / rate - 1;
}

export function summariseErrors(
  label: string,
  verdicts: readonly RowVerdict[],
  pick: (verdict: RowVerdict) => number,
): ErrorSummary {
  const signed = verdicts.map((verdict) => timeError(verdict.found, pick(verdict)));
  const sizes = signed.map(Math.abs);
  return {
    label,
    rows: verdicts.length,
    mean: mean(sizes),
    median: quantile(sizes, 0.5),
    p90: quantile(sizes, 0.9),
    bias: quantile(signed, 0.5),
  };
}

/** Share of rows whose measured rate lies in its interval. */
export function coverageOf(verdicts: readonly RowVerdict[]): number {
  const inside = verdicts.filter(
    ({ found, low, high }) => low <= found.measured && found.measured <= high,
  );
  return inside.length / verdicts.length;
}
