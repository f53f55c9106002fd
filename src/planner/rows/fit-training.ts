import {
  coefficientNames,
  coefficientSpecs,
  effectsOf,
  priorTable,
  spreadOf,
  type CoefficientTable,
} from "../efficiency/coefficients.ts";
import { solveLeastSquares } from "../efficiency/least-squares.ts";
import { estimateStep } from "../training/estimate-step.ts";
import { chipsOf } from "../training/setup.ts";
import type { TrainingCase } from "./row-case.ts";

/** Scatter of one row about a good model, in log time: what two careful teams differ by. */
const noise = 0.08;
/** A source's own habits (clock settings, tuning effort), which no other source shares. */
const sourceSpread = 0.08;
/** Rows of one source say less than as many of different ones: n rows weigh as n^0.6. */
const crowding = 0.6;
/** Residuals beyond this many standard deviations pull linearly (Huber). */
const robust = 2;

/** Tokens per second and accelerator that a table predicts for a case. */
export function predictRate(found: TrainingCase, table: CoefficientTable): number {
  const { plan } = found.setup;
  const { total } = estimateStep(found.setup, found.circumstances, table);
  return (plan.globalBatch * plan.sequence) / total / chipsOf(plan);
}

/**
 * Fits coefficients and effects to cases: robust least squares in log time with a normal prior on the logarithm of
 * each unknown, and one nuisance factor per source that is thrown away, so that a source's habits do not pass for
 * physics.
 */
export function fitTraining(cases: readonly TrainingCase[]): CoefficientTable {
  const keys = unknownKeys(cases);
  const groups = [...new Set(cases.map(({ row }) => row.group))].sort();
  const counts = new Map(
    groups.map((group) => [group, cases.filter(({ row }) => row.group === group).length]),
  );
  const weights = cases.map(({ row }) => {
    const count = counts.get(row.group) ?? 1;
    return Math.sqrt(count ** crowding / count) / noise;
  });
  const groupOf = cases.map(({ row }) => keys.length + groups.indexOf(row.group));
  const unknowns = keys.length + groups.length;
  const solution = solveLeastSquares({
    unknowns,
    residuals(values) {
      const table = tableOf(keys, values);
      const result = new Float64Array(cases.length + unknowns);
      cases.forEach((found, index) => {
        const source = (values[groupOf[index] ?? 0] ?? 0) * sourceSpread;
        const miss = Math.log(predictRate(found, table) / found.measured) - source;
        result[index] = huber(miss / noise) * noise * (weights[index] ?? 0);
      });
      result.set(values, cases.length);
      return result;
    },
  });
  return tableOf(keys, solution);
}

/** Square root of Huber's loss with the sign of the residual, so that its square is the loss. */
function huber(residual: number): number {
  const size = Math.abs(residual);
  if (size <= robust) return residual;
  return Math.sign(residual) * Math.sqrt(2 * robust * size - robust * robust);
}

function unknownKeys(cases: readonly TrainingCase[]): readonly string[] {
  const effects = new Set(
    cases.flatMap(({ circumstances }) => effectsOf(circumstances).map(([key]) => key)),
  );
  return [...coefficientNames, ...[...effects].sort()];
}

/** Unknowns are in prior standard deviations of the logarithm. */
function tableOf(keys: readonly string[], values: Float64Array): CoefficientTable {
  const table: Record<string, number> = { ...priorTable() };
  keys.forEach((key, index) => {
    const value = values[index] ?? 0;
    const prior = Object.hasOwn(coefficientSpecs, key)
      ? coefficientSpecs[key as keyof typeof coefficientSpecs].prior
      : 1;
    table[key] = prior * Math.exp(value * spreadOf(key));
  });
  return table;
}
