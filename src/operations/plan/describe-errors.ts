import type { UnusableRow } from "../../planner/index.ts";

/** Rows without a prediction, counted by source and reason. */
export function describeUnusable(unusable: readonly UnusableRow[]): readonly string[] {
  const reasons = new Map<string, number>();
  for (const { row, reason } of unusable) {
    const key = `${row.group}: ${reason}`;
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }
  return reasons.size === 0
    ? []
    : ["", "not predicted:", ...[...reasons].map(([reason, count]) => `  ${count}  ${reason}`)];
}

/** A share as per cent to one decimal. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** The same with its sign. */
export function signed(share: number): string {
  return `${share >= 0 ? "+" : ""}${percent(share)}`;
}
