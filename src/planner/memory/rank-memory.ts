import type { Architecture, TrainingPlan } from "../../schema/index.ts";
import { microBatchesInFlight } from "../schedule/bubble.ts";
import { layerActivationBytes } from "./activations.ts";
import { rankParameters, type StagePlace } from "./rank-parameters.ts";

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

/** Memory of the fuller of the first and the last stage's rank. */
export function rankMemory(model: Architecture, plan: TrainingPlan): RankMemory {
  if (plan.pipeline === 1) return stageMemory(model, plan, "only");
  const first = stageMemory(model, plan, "first");
  const last = stageMemory(model, plan, "last");
  return first.total >= last.total ? first : last;
}

/** Memory of a rank of one stage. */
export function stageMemory(
  model: Architecture,
  plan: TrainingPlan,
  place: StagePlace,
): RankMemory {
  const states = stateBytes(model, plan, place);
  const tokens = (plan.microBatch * plan.sequence) / plan.context;
  const perMicroBatch = model.groups.reduce(
    (sum, layer) =>
      sum + (layer.count / plan.pipeline) * layerActivationBytes(layer, model, plan, plan.sequence),
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
  // Logits in 16 bits, and in 32 for the softmax and its gradient.
  const logits =
    place === "last" || place === "only" ? (tokens * model.vocabulary * 10) / plan.tensor : 0;
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
    // Pairs on every projection: about 2 rank / width of the matrices, with gradients and states.
    const pairs = ((dense + experts) * 2 * plan.trains.rank) / model.width;
    return { weights: base + 2 * pairs, gradients: 4 * pairs, optimizer: 12 * pairs };
  }
  const wide = plan.precision === "fp32" || plan.precision === "tf32";
  return {
    weights: cut(3, wide ? 4 : 2),
    gradients: cut(2, plan.zero >= 2 && !wide ? 2 : 4),
    optimizer: cut(1, wide ? 8 : 12),
  };
}
