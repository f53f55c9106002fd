import type { Architecture, TrainingPlan } from "../../schema/index.ts";
import {
  attentionParameters,
  expertParameters,
  feedForwardParameters,
} from "../work/count-parameters.ts";
import { layerProducts } from "../work/layer-products.ts";
import { stageLayers, type StagePlace } from "./stage-layers.ts";

export type { StagePlace } from "./stage-layers.ts";

/** Parameters on the fullest rank of a plan. */
export interface RankParameters {
  /** Replicated over data-parallel ranks. */
  readonly dense: number;
  /** Of local experts, replicated over fewer ranks. */
  readonly experts: number;
}

/** Parameters of one rank of a stage: layers by pipeline, matrices by tensor, experts by expert parallelism. */
export function rankParameters(
  model: Architecture,
  plan: Pick<TrainingPlan, "tensor" | "pipeline" | "expert" | "expertTensor">,
  place: StagePlace = plan.pipeline === 1 ? "only" : "first",
): RankParameters {
  const vectors = model.norm === "layer" ? 2 : 1;
  let dense = 0;
  let experts = 0;
  for (const layer of stageLayers(model, plan.pipeline, place)) {
    const { count: share, attention, feedForward, norms } = layer;
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
  const norm = vectors * model.width;
  if (place === "first") dense += embedding;
  if (place === "last") dense += head + norm;
  if (place === "only") dense += embedding + (model.tied ? 0 : head) + norm;
  return { dense, experts };
}

/** Parameters of low-rank pairs on every projection of a stage's layers: rank x (inputs + outputs) each. */
export function pairParameters(
  model: Architecture,
  plan: Pick<TrainingPlan, "tensor" | "pipeline" | "expert" | "expertTensor">,
  rank: number,
  place: StagePlace,
): number {
  return stageLayers(model, plan.pipeline, place).reduce((sum, layer) => {
    const pairs = layerProducts(layer, model.width, 1, plan)
      .filter(({ label }) => label !== "router")
      .reduce((total, { k, n, copies }) => total + rank * (k + n) * copies, 0);
    return sum + layer.count * pairs;
  }, 0);
}
