import { ringAllGather } from "../wires/collectives.ts";
import { pathOf, type Fabric } from "../wires/fabric.ts";
import type { TrainingSetup } from "./setup.ts";
import type { RankParameters } from "../memory/rank-parameters.ts";

/** Seconds of gradients and weights between data-parallel ranks, before any is hidden behind work. */
export interface DataMessages {
  /** Once per step, beside the last micro-batch's backward and the first one's forward. */
  readonly perStep: number;
  /** With every micro-batch (ZeRO 3 gathers weights twice; ZeRO 2 and 3 scatter gradients). */
  readonly perMicroBatch: number;
}

/**
 * ZeRO 0 all-reduces gradients; 1 scatters gradients and gathers weights, as many bytes; 3 gathers weights for
 * each pass as well (Rajbhandari et al. 2020, section 7). Gradients travel in fp32 under ZeRO 0 and 1, as
 * Megatron sums them, in 16 bits under 2 and 3. `messages` is how many a layer's gradients and weights are cut into:
 * each pays the latency of a whole ring.
 */
export function dataMessages(
  { model, plan }: TrainingSetup,
  parameters: RankParameters,
  fabric: Fabric,
  messages: number,
): DataMessages {
  const replicas = plan.data * plan.context;
  const dense = plan.trains.kind === "lora" ? 0 : parameters.dense;
  const experts = plan.trains.kind === "lora" ? 0 : parameters.experts;
  const expertReplicas = Math.max(
    1,
    Math.round((replicas * plan.tensor) / (plan.expert * plan.expertTensor)),
  );
  const densePath = pathOf(fabric, replicas, plan.tensor);
  const expertPath = pathOf(fabric, expertReplicas, plan.expert * plan.expertTensor);
  const pass = (bytesPerParameter: number): number =>
    ringAllGather(dense * bytesPerParameter, replicas, densePath) +
    ringAllGather(experts * bytesPerParameter, expertReplicas, expertPath);
  if (plan.zero < 3) {
    const group = plan.zero >= 1 ? Math.min(replicas, plan.shardGroup ?? replicas) : 0;
    // A shard group smaller than the replicas keeps the gather of weights inside itself.
    const gathered =
      group === replicas
        ? pass(2)
        : group > 1
          ? ringAllGather((dense + experts) * 2, group, pathOf(fabric, group, plan.tensor))
          : 0;
    const scattered = pass(plan.zero === 2 ? 2 : 4) * (group === replicas ? 1 : 2);
    const hops = (replicas - 1) * densePath.latency + Math.max(0, group - 1) * densePath.latency;
    const layers = model.groups.reduce((sum, { count }) => sum + count, 0) / plan.pipeline;
    return { perStep: gathered + scattered + hops * layers * messages, perMicroBatch: 0 };
  }
  const gather =
    plan.shardGroup === undefined || plan.shardGroup >= replicas
      ? pass(2)
      : ringAllGather(
          (dense + experts) * 2,
          plan.shardGroup,
          pathOf(fabric, plan.shardGroup, plan.tensor),
        );
  return { perStep: 0, perMicroBatch: 3 * gather };
}
