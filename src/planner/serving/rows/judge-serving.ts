import { mean, quantile } from "../../../kernel/index.ts";
import { intervalOf } from "../../efficiency/conformal.ts";
import { modelFold } from "../../rows/model-fold.ts";
import { servingWithout, type ServingEfficiency } from "../efficiency.ts";
import { servingSpecs, type ServingTable } from "../law/coefficients.ts";
import { readBytes } from "../law/kv-cache.ts";
import { predictSeconds } from "./predict-case.ts";
import type { FigureKind, ServingCase } from "./serving-case.ts";

/** One figure's predictions in seconds; the unit that its kind says. */
export interface ServingVerdict {
  readonly found: ServingCase;
  /** By the fit that never saw the source, with its 80 % interval. */
  readonly heldOut: number;
  readonly low: number;
  readonly high: number;
  readonly heldOutModel: number;
  readonly inSample: number;
  /** By the fit without the fixed hold-out. */
  readonly fixed: number;
  /** The laws with every share 1 and no fixed times. */
  readonly roofline: number;
  /** Bytes of weights and cache over datasheet bandwidth, times the median ratio of the other sources; decode only. */
  readonly bandwidthRule: number;
}

/** Errors of one kind of figure, as shares of the measured seconds. */
export interface ServingErrors {
  readonly rows: number;
  readonly mean: number;
  readonly median: number;
  readonly p90: number;
  /** Median of signed errors: above 0, predicted times are too long. */
  readonly bias: number;
}

/** Every share 1, every fixed time next to nothing. */
const ideal: ServingTable = Object.fromEntries(
  Object.entries(servingSpecs).map(([name, { unit }]) => [
    name,
    unit === "s" ? 1e-12 : name === "spill" || name === "mixing" || name === "waves" ? 1e-9 : 1,
  ]),
);

/** Predicts every figure held out by source, beside the baselines. */
export function judgeServing(
  cases: readonly ServingCase[],
  efficiency: ServingEfficiency,
): readonly ServingVerdict[] {
  const byBandwidth = bandwidthRule(cases);
  return cases.map((found, index) => {
    const { table, intervals } = servingWithout(efficiency, found.row.group);
    const heldOut = predictSeconds(found, table);
    const [low, high] = intervalOf(intervals, found.figure.kind);
    const fold = efficiency.modelFolds[modelFold(found.row.model)];
    return {
      found,
      heldOut,
      low: heldOut * Math.exp(low),
      high: heldOut * Math.exp(high),
      heldOutModel: predictSeconds(found, fold?.table ?? efficiency.table),
      inSample: predictSeconds(found, efficiency.table),
      fixed: predictSeconds(found, efficiency.holdOut.table),
      roofline: predictSeconds(found, ideal),
      bandwidthRule: byBandwidth[index] ?? Number.NaN,
    };
  });
}

/** Seconds to stream all weights once (all experts that the batch touches are not known to the rule: active ones). */
function bandwidthRule(cases: readonly ServingCase[]): readonly number[] {
  const ideals = cases.map(({ pass, figure, sizes }) => {
    const experts = pass.experts.reduce(
      (sum, { layers, topK, held, experts: all, bytes }) =>
        sum + layers * Math.min(held, topK * Math.max(1, held / all)) * bytes,
      0,
    );
    const cache = readBytes(pass.cache, sizes.input + sizes.output / 2) * pass.setup.pipeline;
    const bytes = pass.denseBytes + pass.headBytes + experts + cache * figure.concurrency;
    return bytes / pass.setup.chip.memoryBandwidth;
  });
  const ratios = cases.map(({ figure }, index) => figure.seconds / (ideals[index] ?? 1));
  return cases.map((found, index) => {
    if (found.figure.kind !== "decode") return Number.NaN;
    const others = ratios.filter((_, other) => {
      const one = cases[other];
      return one?.figure.kind === "decode" && one.row.group !== found.row.group;
    });
    return others.length === 0 ? Number.NaN : (ideals[index] ?? 0) * quantile(others, 0.5);
  });
}

export function servingErrors(
  verdicts: readonly ServingVerdict[],
  pick: (verdict: ServingVerdict) => number,
): ServingErrors {
  const signed = verdicts.map((verdict) => pick(verdict) / verdict.found.figure.seconds - 1);
  const sizes = signed.map(Math.abs);
  return {
    rows: verdicts.length,
    mean: mean(sizes),
    median: quantile(sizes, 0.5),
    p90: quantile(sizes, 0.9),
    bias: quantile(signed, 0.5),
  };
}

/** Share of figures that lie in their interval. */
export function servingCoverage(verdicts: readonly ServingVerdict[]): number {
  const inside = verdicts.filter(
    ({ found, low, high }) => low <= found.figure.seconds && found.figure.seconds <= high,
  );
  return inside.length / verdicts.length;
}

/** Kinds in the order of a report. */
export const figureKinds: readonly FigureKind[] = [
  "decode",
  "latency",
  "burst",
  "prefill",
  "first",
];
