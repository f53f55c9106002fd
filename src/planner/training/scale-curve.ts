import type { TrainingPlan } from "../../schema/index.ts";
import type { Circumstances, CoefficientTable } from "../efficiency/coefficients.ts";
import { choosePlan } from "./choose-plan.ts";
import type { TrainingSetup } from "./setup.ts";

/** Rate at one number of accelerators, each time with the quickest plan of the grid. */
export interface ScalePoint {
  readonly accelerators: number;
  readonly tokensPerSecond: number;
  readonly plan: TrainingPlan;
  /** Tokens per second that one accelerator more adds, from the step before; absent at the first. */
  readonly marginal?: number | undefined;
}

/**
 * The marginal return of accelerators: the same job (batch included) on more and more of them. Where batch, memory or
 * degrees allow no plan there is no point.
 */
export function scaleCurve(
  setup: TrainingSetup,
  counts: readonly number[],
  circumstances: Circumstances,
  table: CoefficientTable,
): readonly ScalePoint[] {
  const points: ScalePoint[] = [];
  for (const count of [...counts].sort((a, b) => a - b)) {
    const best = choosePlan(setup, count, circumstances, table);
    if (best === undefined) continue;
    const tokensPerSecond = (best.plan.globalBatch * best.plan.sequence) / best.seconds;
    const before = points.at(-1);
    const marginal =
      before === undefined
        ? undefined
        : (tokensPerSecond - before.tokensPerSecond) / (count - before.accelerators);
    points.push({ accelerators: count, tokensPerSecond, plan: best.plan, marginal });
  }
  return points;
}
