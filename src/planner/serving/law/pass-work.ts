import type { LayerGroup } from "../../../schema/index.ts";
import { coreFlops } from "../../work/attention-core.ts";
import { attentionParameters, expertParameters } from "../../work/count-parameters.ts";
import { weightFormatOf } from "./formats.ts";
import { cacheGroups, type CacheGroup } from "./kv-cache.ts";
import { replicaChips, type ServingSetup } from "./setup.ts";

/** Routed experts of one kind of layer, all its layers together. */
interface ExpertWork {
  readonly layers: number;
  readonly experts: number;
  readonly topK: number;
  /** Bytes of one expert in one layer on the rank that holds it (or its slice). */
  readonly bytes: number;
  /** Experts of one layer that a rank holds, whole or as slices. */
  readonly held: number;
  /** Operations per token of one layer on one rank, its share. */
  readonly flops: number;
}

/** What one forward pass of one rank has to do, per token, per sequence and once: independent of the load. */
export interface PassWork {
  readonly setup: ServingSetup;
  /** Bytes of matrices that every pass reads whole, and their operations per token. */
  readonly denseBytes: number;
  readonly denseFlops: number;
  readonly headBytes: number;
  readonly headFlops: number;
  readonly experts: readonly ExpertWork[];
  readonly cache: readonly CacheGroup[];
  /** Operations per key and decoded token over all layers with full attention; those with a window below. */
  readonly attention: readonly {
    readonly perKey: number;
    readonly window: number;
    readonly decodePerKey: number;
    readonly scan: number;
  }[];
  /** Layers with a mixer or a feed-forward, and all weights of the fullest rank in bytes. */
  readonly layers: number;
  readonly expertLayers: number;
  readonly latentLayers: number;
  readonly weightBytes: number;
}

/** Sums a model's layers into the work of a pass. */
export function passWork(setup: ServingSetup): PassWork {
  const { model, tensor, pipeline } = setup;
  const format = weightFormatOf(setup.weights);
  let denseWeights = 0;
  for (const group of model.groups) denseWeights += group.count * denseParameters(group, setup);
  const embedding = model.vocabulary * model.width;
  const experts = model.groups.flatMap((group) => expertWork(group, setup));
  const headBytes = (embedding * format.head) / tensor;
  const expertBytes = experts.reduce((sum, one) => sum + one.layers * one.held * one.bytes, 0);
  const denseBytes = denseWeights * format.layers;
  return {
    setup,
    denseBytes,
    denseFlops: 2 * denseWeights,
    headBytes,
    headFlops: (2 * embedding) / tensor,
    experts,
    cache: cacheGroups(setup),
    attention: model.groups.map(({ attention, count }) => ({
      perKey: (count * (coreFlops(attention, 2) - coreFlops(attention, 1))) / tensor,
      decodePerKey: (count * absorbedFlops(attention)) / tensor,
      scan: attention.kind === "recurrent" ? (count * attention.scanFlops) / tensor : 0,
      window: attention.kind === "grouped" ? (attention.window ?? Infinity) : Infinity,
    })),
    layers: model.groups.reduce((sum, { count }) => sum + count, 0),
    expertLayers: experts.reduce((sum, { layers }) => sum + layers, 0),
    latentLayers: model.groups.reduce(
      (sum, { attention, count }) => sum + (attention.kind === "latent" ? count : 0),
      0,
    ),
    weightBytes: (denseBytes + expertBytes) / pipeline + headBytes * (model.tied ? 1 : 2),
  };
}

/** Weights of one layer on one rank that every token meets. */
function denseParameters(group: LayerGroup, { model, tensor }: ServingSetup): number {
  const { attention, feedForward } = group;
  // Ranks beyond the key heads keep a copy of one; the queries and the output are cut as usual.
  const copies =
    attention.kind === "grouped" && tensor > attention.kvHeads
      ? 2 * (1 - attention.kvHeads / tensor) * attention.headWidth * model.width
      : 0;
  const mixer = attentionParameters(attention, model.width) / tensor + copies;
  if (feedForward.kind === "none") return mixer;
  const matrices = feedForward.gated ? 3 : 2;
  if (feedForward.kind === "dense") {
    return mixer + (matrices * model.width * feedForward.width) / tensor;
  }
  const shared = (matrices * model.width * feedForward.sharedWidth) / tensor;
  const latent =
    feedForward.latentWidth === undefined ? 0 : 2 * model.width * feedForward.latentWidth;
  return mixer + shared + latent + feedForward.experts * model.width;
}

function expertWork(group: LayerGroup, setup: ServingSetup): readonly ExpertWork[] {
  const { feedForward, count } = group;
  if (feedForward.kind !== "experts") return [];
  const { experts, topK } = feedForward;
  const parameters = expertParameters(feedForward, setup.model.width);
  const ranks = replicaChips(setup) / setup.pipeline;
  const whole = setup.expertParallel;
  const format = weightFormatOf(setup.weights);
  return [
    {
      layers: count,
      experts,
      topK,
      bytes: (parameters * format.experts) / (whole ? 1 : ranks),
      held: whole ? Math.max(1, experts / ranks) : experts,
      flops: (2 * topK * parameters) / ranks,
    },
  ];
}

/** Operations per key of one decoded token: latent attention attends in the latent (absorbed projections). */
function absorbedFlops(attention: LayerGroup["attention"]): number {
  if (attention.kind === "latent") {
    return 2 * attention.heads * (2 * attention.kvRank + attention.ropeWidth);
  }
  return coreFlops(attention, 2) - coreFlops(attention, 1);
}

/** Distinct experts that `tokens` tokens visit in one layer when each picks `topK` of them evenly. */
export function touchedExperts(experts: number, topK: number, tokens: number): number {
  return experts * (1 - (1 - topK / experts) ** tokens);
}
