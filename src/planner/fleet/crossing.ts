import type { Architecture, TrainingPlan } from "../../schema/index.ts";
import type { Wire } from "../chip.ts";
import { countParameters } from "../work/count-parameters.ts";

/** fp32 gradients one way and 16-bit weights back, as a sharded optimizer moves them. */
const bytesPerParameter = 4 + 2;

/**
 * Seconds in which `groups` exchange one step's gradients and weights over the joint: a reduce-scatter and an
 * all-gather among the groups, so (G - 1) / G of the bytes each way through the joint (Thakur et al. 2005). Inside
 * its group every chip holds its shard already, so the shards cross side by side and share the joint's bandwidth.
 */
export function gradientCrossing(
  model: Architecture,
  plan: TrainingPlan,
  groups: number,
  between: Wire,
): number {
  if (groups < 2) return 0;
  const { total } = countParameters(model);
  const trained =
    plan.trains.kind === "lora" ? (total * 2 * plan.trains.rank) / model.width : total;
  const share = (groups - 1) / groups;
  const speed = between.bandwidth * between.efficiency;
  return 2 * (groups - 1) * between.latency + (share * trained * bytesPerParameter) / speed;
}

/** Seconds in which the activations of one micro-batch of every replica cross the joint, one direction. */
export function activationCrossing(model: Architecture, plan: TrainingPlan, between: Wire): number {
  const tokens = plan.data * plan.microBatch * plan.sequence;
  return between.latency + (tokens * model.width * 2) / (between.bandwidth * between.efficiency);
}
