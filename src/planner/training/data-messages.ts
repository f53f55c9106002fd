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
 * Megatron sums them, in 16 bits under 2 and 3.
 */
export function dataMessages(
  { plan }: TrainingSetup,
  parameters: RankParameters,
  fabric: Fabric,
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
  if (plan.zero < 3) return { perStep: pass(plan.zero === 2 ? 2 : 4) + pass(2), perMicroBatch: 0 };
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
