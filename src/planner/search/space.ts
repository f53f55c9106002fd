import type {
  Architecture,
  Recompute,
  TrainingPlan,
  TrainingPrecision,
} from "../../schema/index.ts";
import type { Fabric } from "../wires/fabric.ts";

/** The values that each choice of a training plan may take. */
export interface SearchSpace {
  readonly precision: readonly TrainingPrecision[];
  readonly tensor: readonly number[];
  readonly pipeline: readonly number[];
  readonly context: readonly number[];
  /** Accelerators used; those that the other degrees do not divide are passed over. */
  readonly accelerators: readonly number[];
  readonly expert: readonly number[];
  readonly zero: readonly number[];
  readonly recompute: readonly Recompute[];
  readonly interleave: readonly number[];
  /** Sequences per micro-batch, ascending; those that do not divide the batch are passed over. */
  readonly microBatch: readonly number[];
}

export type Axis = keyof SearchSpace;

export const axes = [
  "precision",
  "tensor",
  "pipeline",
  "context",
  "accelerators",
  "expert",
  "zero",
  "recompute",
  "interleave",
  "microBatch",
] as const satisfies readonly Axis[];

/** Powers of two up to a number, and the number itself where it divides. */
function powers(most: number): number[] {
  const found = [];
  for (let power = 1; power <= most; power *= 2) found.push(power);
  return found;
}

/** Divisors of a count up to a most, ascending. */
function divisors(count: number, most: number): number[] {
  const found = [];
  for (let divisor = 1; divisor <= Math.min(count, most); divisor++) {
    if (count % divisor === 0) found.push(divisor);
  }
  return found;
}

/**
 * All that is usually tried: tensor degrees inside a node or rack, pipelines over divisors of the layers and powers
 * of two, experts by their divisors, and half, a quarter, ... of the accelerators.
 */
export function usualSpace(
  model: Architecture,
  fabric: Fabric,
  available: number,
  asked: TrainingPlan,
): SearchSpace {
  const layers = model.groups.reduce((sum, { count }) => sum + count, 0);
  const experts = Math.max(
    1,
    ...model.groups.map(({ feedForward }) =>
      feedForward.kind === "experts" ? feedForward.experts : 1,
    ),
  );
  const stages = [...new Set([...powers(Math.min(64, layers)), ...divisors(layers, 64)])];
  const fewer = powers(available).map((part) => available / part);
  return {
    precision: [asked.precision],
    tensor: powers(Math.min(fabric.domain, 64)),
    pipeline: stages.filter((stage) => stage <= available).sort((a, b) => a - b),
    context: asked.sequence > 16_384 ? [1, 2, 4, 8, 16] : [1],
    accelerators: fewer.filter((count) => Number.isInteger(count)),
    expert: divisors(experts, available),
    zero: [1, 2, 3],
    recompute: ["none", "selective", "full"],
    interleave: [1, 2, 4],
    microBatch: [1, 2, 4, 8],
  };
}

/** What a plan chose on an axis. */
export function valueOf(plan: TrainingPlan, axis: Axis): string | number {
  if (axis === "accelerators") return plan.tensor * plan.pipeline * plan.context * plan.data;
  return plan[axis];
}

/** The space without one value of one axis. */
export function without(space: SearchSpace, axis: Axis, value: string | number): SearchSpace {
  return { ...space, [axis]: space[axis].filter((one) => one !== value) };
}
