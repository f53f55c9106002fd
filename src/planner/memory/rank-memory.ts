import type { Architecture, TrainingPlan } from "../../schema/index.ts";
import { microBatchesInFlight } from "../schedule/bubble.ts";
import { layerActivationBytes } from "./activations.ts";
import { pairParameters, rankParameters } from "./rank-parameters.ts";
import { stageLayers, type StagePlace } from "./stage-layers.ts";

/** Bytes on one rank by kind; `total` is their sum. */
export interface RankMemory {
  readonly weights: number;
  readonly gradients: number;
  readonly optimizer: number;
  readonly activations: number;
  readonly logits: number;
  readonly buffers: number;
  readonly total: number;
}

/** Library workspaces, communication buffers and the context of the process; a prior. */
const reserved = 2e9;

/** Memory of the fullest rank: of the first, a middle or the last stage. */
export function rankMemory(model: Architecture, plan: TrainingPlan): RankMemory {
  if (plan.pipeline === 1) return stageMemory(model, plan, "only");
  const places: readonly StagePlace[] =
    plan.pipeline === 2 ? ["first", "last"] : ["first", "middle", "last"];
  return places
    .map((place) => stageMemory(model, plan, place))
    .reduce((fullest, stage) => (stage.total > fullest.total ? stage : fullest));
}

/** Memory of a rank of one stage. */
export function stageMemory(
  model: Architecture,
  plan: TrainingPlan,
  place: StagePlace,
): RankMemory {
  const states = stateBytes(model, plan, place);
  const tokens = (plan.microBatch * plan.sequence) / plan.context;
  const layers = stageLayers(model, plan.pipeline, place);
  const perMicroBatch = layers.reduce(
    (sum, layer) => sum + layer.count * layerActivationBytes(layer, model, plan, plan.sequence),
    0,
  );
  const held =
    place === "last"
      ? 1
      : microBatchesInFlight({
          stages: plan.pipeline,
          microBatches: Math.max(1, Math.ceil(plan.globalBatch / (plan.data * plan.microBatch))),
          interleave: plan.interleave,
          schedule: plan.schedule,
        });
  // Under full recompute one layer's activations live while it is recomputed.
  const largest =
    plan.recompute === "full"
      ? Math.max(
          ...model.groups.map((layer) =>
            layerActivationBytes(layer, model, { ...plan, recompute: "none" }, plan.sequence),
          ),
        )
      : 0;
  const activations = tokens * (perMicroBatch * held + largest);
  // Logits in 16 bits and once more in 32 for the softmax; the projection's own gradient before it joins the sums.
  const hasLogits = place === "last" || place === "only";
  const gradient = plan.trains.kind === "lora" ? 0 : plan.zero === 3 ? 2 : 4;
  const logits = hasLogits
    ? (model.vocabulary * (tokens * 6 + model.width * gradient)) / plan.tensor
    : 0;
  const parts = { ...states, activations, logits, buffers: reserved };
  return { ...parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}

/**
 * Weights (2 bytes), gradients (4 in Megatron's fp32 sums; 2 under ZeRO 2 and 3) and Adam's states (12: fp32 weight
 * and two moments), cut over the replicas by ZeRO stage (Rajbhandari et al. 2020, section 5).
 */
function stateBytes(
  model: Architecture,
  plan: TrainingPlan,
  place: StagePlace,
): Pick<RankMemory, "weights" | "gradients" | "optimizer"> {
  const { dense, experts } = rankParameters(model, plan, place);
  const replicas = plan.data * plan.context;
  const expertReplicas = Math.max(1, (replicas * plan.tensor) / (plan.expert * plan.expertTensor));
  const shards = Math.min(replicas, plan.shardGroup ?? replicas);
  const cut = (stage: number, bytes: number): number =>
    plan.zero >= stage
      ? dense * (bytes / shards) + experts * (bytes / Math.min(expertReplicas, shards))
      : (dense + experts) * bytes;
  if (plan.trains.kind === "lora") {
    const base = cut(3, plan.trains.quantizedBase ? 0.55 : 2);
    const pairs = pairParameters(model, plan, plan.trains.rank, place);
    return { weights: base + 2 * pairs, gradients: 4 * pairs, optimizer: 12 * pairs };
  }
  const wide = plan.precision === "fp32" || plan.precision === "tf32";
  return {
    weights: cut(3, wide ? 4 : 2),
    gradients: cut(2, plan.zero >= 2 && !wide ? 2 : 4),
    optimizer: cut(1, wide ? 8 : 12),
  };
}
