import type { Architecture, TrainingPlan } from "../../schema/index.ts";
import {
  attentionParameters,
  expertParameters,
  feedForwardParameters,
} from "../work/count-parameters.ts";

/** Parameters on the fullest rank of a plan. */
export interface RankParameters {
  /** Replicated over data-parallel ranks. */
  readonly dense: number;
  /** Of local experts, replicated over fewer ranks. */
  readonly experts: number;
}

/** Where a rank's share of the model sits in the pipeline. */
export type StagePlace = "first" | "middle" | "last" | "only";

/** Parameters of one rank of a stage: layers by pipeline, matrices by tensor, experts by expert parallelism. */
export function rankParameters(
  model: Architecture,
  plan: Pick<TrainingPlan, "tensor" | "pipeline" | "expert" | "expertTensor">,
  place: StagePlace = plan.pipeline === 1 ? "only" : "first",
): RankParameters {
  const vectors = model.norm === "layer" ? 2 : 1;
  let dense = 0;
  let experts = 0;
  for (const { count, attention, feedForward, norms } of model.groups) {
    const share = count / plan.pipeline;
    dense +=
      share *
      (attentionParameters(attention, model.width) / plan.tensor + norms * vectors * model.width);
    if (feedForward.kind === "experts") {
      const routed = feedForward.experts * expertParameters(feedForward, model.width);
      const rest = feedForwardParameters(feedForward, model.width, false) - routed;
      dense += (share * rest) / plan.tensor;
      experts += (share * routed) / (plan.expert * plan.expertTensor);
    } else {
      dense += (share * feedForwardParameters(feedForward, model.width, false)) / plan.tensor;
    }
  }
  const embedding = ((model.vocabulary + model.positions) * model.width) / plan.tensor;
  const head = (model.vocabulary * model.width) / plan.tensor;
  if (place === "first") dense += embedding;
  if (place === "last") dense += head;
  if (place === "only") dense += embedding + (model.tied ? 0 : head);
  return { dense, experts };
}
