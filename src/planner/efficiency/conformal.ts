import type { Intervals } from "./efficiency-file.ts";

/** A log residual of a prediction that did not see its source. */
export interface HeldOutResidual {
  readonly group: string;
  readonly kind: string;
  readonly residual: number;
}

/** Share of outcomes that an interval should cover. */
const coverage = 0.8;
/** Fewer residuals than this say too little of a class; it takes the interval of all. */
const enough = 12;

/**
 * Split-conformal intervals by class (Vovk 2012's Mondrian form): the ends are quantiles of residuals held out by
 * source. Sources weigh by the root of their size, since residuals of one source are alike.
 */
export function conformalIntervals(residuals: readonly HeldOutResidual[]): Intervals {
  const kinds = [...new Set(residuals.map(({ kind }) => kind))].sort();
  const all = ends(residuals);
  const pairs = kinds.map((kind) => {
    const own = residuals.filter((one) => one.kind === kind);
    return [kind, own.length < enough ? all : ends(own)] as const;
  });
  return Object.fromEntries([["any", all] as const, ...pairs]);
}

function ends(residuals: readonly HeldOutResidual[]): [number, number] {
  const counts = new Map<string, number>();
  for (const { group } of residuals) counts.set(group, (counts.get(group) ?? 0) + 1);
  const weighted = residuals
    .map(({ group, residual }) => ({
      value: residual,
      weight: 1 / Math.sqrt(counts.get(group) ?? 1),
    }))
    .sort((a, b) => a.value - b.value);
  return [
    weightedQuantile(weighted, (1 - coverage) / 2),
    weightedQuantile(weighted, (1 + coverage) / 2),
  ];
}

function weightedQuantile(
  sorted: readonly { readonly value: number; readonly weight: number }[],
  share: number,
): number {
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let passed = 0;
  for (const { value, weight } of sorted) {
    passed += weight;
    if (passed >= share * total) return value;
  }
  return sorted.at(-1)?.value ?? 0;
}

/** The interval of a class, or of any run where the class was never seen. */
export function intervalOf(intervals: Intervals, kind: string): readonly [number, number] {
  return intervals[kind] ?? intervals["any"] ?? [-0.3, 0.3];
}
