import { solveLeastSquares } from "../../efficiency/least-squares.ts";
import {
  servingEffects,
  servingPrior,
  servingUnknowns,
  type ServingTable,
} from "../law/coefficients.ts";
import { predictSeconds } from "./predict-case.ts";
import type { FigureKind, ServingCase } from "./serving-case.ts";

/** Scatter of one figure about a good model, in log time, by kind. First tokens measure queues and are not fitted to. */
const noise: Readonly<Record<FigureKind, number>> = {
  decode: 0.08,
  latency: 0.1,
  burst: 0.12,
  prefill: 0.15,
  first: 0.6,
};
/** A source's own habits, which no other source shares. */
const sourceSpread = 0.08;
/** n figures of one source weigh as n^0.6. */
const crowding = 0.6;
const robust = 2;

/**
 * Fits coefficients and effects: robust least squares in log time, normal priors on the logarithms, one nuisance
 * factor per source that is thrown away. The same method as for training.
 */
export function fitServing(all: readonly ServingCase[]): ServingTable {
  const cases = all.filter(({ figure }) => figure.kind !== "first");
  const keys = servingUnknowns(cases.map(({ circumstances }) => circumstances));
  const groups = [...new Set(cases.map(({ row }) => row.group))].sort();
  const unknowns = keys.length + groups.length;
  const weights = cases.map(({ row, figure }) => {
    const count = cases.filter((other) => other.row.group === row.group).length;
    return Math.sqrt(count ** crowding / count) / noise[figure.kind];
  });
  const predict = rememberedLogs(cases, keys);
  const solution = solveLeastSquares({
    unknowns,
    residuals(values) {
      const logs = predict(values);
      const result = new Float64Array(cases.length + unknowns);
      cases.forEach(({ row, figure }, index) => {
        const source = (values[keys.length + groups.indexOf(row.group)] ?? 0) * sourceSpread;
        const miss = (logs[index] ?? 0) - Math.log(figure.seconds) - source;
        const size = noise[figure.kind];
        result[index] = huber(miss / size) * size * (weights[index] ?? 0);
      });
      result.set(values, cases.length);
      return result;
    },
  });
  return tableOf(keys, solution);
}

/**
 * Logarithms of predicted seconds at a vector of unknowns. A difference quotient moves one unknown at a time, and most
 * unknowns are effects that few cases have: predictions of the others are kept from the last whole evaluation.
 */
function rememberedLogs(
  cases: readonly ServingCase[],
  keys: readonly string[],
): (values: Float64Array) => Float64Array {
  const touched = keys.map((key) => {
    if (!key.includes("@")) return undefined;
    return cases.flatMap(({ circumstances }, index) =>
      servingEffects(circumstances).some(([effect]) => effect === key) ? [index] : [],
    );
  });
  let base: Float64Array | undefined;
  let logs = new Float64Array(cases.length);
  const evaluate = (found: ServingCase, table: ServingTable): number =>
    Math.log(predictSeconds(found, table));
  return (values) => {
    const moved = base === undefined ? [] : differing(base, values, keys.length);
    const table = tableOf(keys, values);
    const only = moved.length === 1 ? touched[moved[0] ?? 0] : undefined;
    if (base !== undefined && moved.length === 0) return logs;
    if (only !== undefined || (base !== undefined && moved.length === 1)) {
      const result = Float64Array.from(logs);
      for (const index of only ?? cases.keys()) {
        const found = cases[index];
        if (found !== undefined) result[index] = evaluate(found, table);
      }
      return result;
    }
    base = Float64Array.from(values);
    logs = Float64Array.from(cases, (found) => evaluate(found, table));
    return logs;
  };
}

function differing(a: Float64Array, b: Float64Array, count: number): readonly number[] {
  const found: number[] = [];
  for (let index = 0; index < count; index++) if (a[index] !== b[index]) found.push(index);
  return found;
}

/** Square root of Huber's loss with the sign of the residual, so that its square is the loss. */
function huber(residual: number): number {
  const size = Math.abs(residual);
  if (size <= robust) return residual;
  return Math.sign(residual) * Math.sqrt(2 * robust * size - robust * robust);
}

/** Unknowns are in prior standard deviations of the logarithm. */
function tableOf(keys: readonly string[], values: Float64Array): ServingTable {
  const table: Record<string, number> = {};
  keys.forEach((key, index) => {
    const { prior, spread } = servingPrior(key);
    table[key] = prior * Math.exp((values[index] ?? 0) * spread);
  });
  return table;
}
