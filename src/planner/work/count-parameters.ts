import type { Architecture, Attention, FeedForward, LayerGroup } from "../../schema/index.ts";

/** Exact numbers of parameters; `active` counts the experts that one token visits. */
export interface ParameterCount {
  readonly total: number;
  readonly active: number;
  /** Token embedding (and learned positions); the output projection where it is not tied is in `head`. */
  readonly embedding: number;
  readonly head: number;
  /** Parameters of the prediction modules, part of `total`, not of `active`. */
  readonly prediction: number;
}

/** Parameters of a whole model, by summing the shapes of its tensors. */
export function countParameters(model: Architecture): ParameterCount {
  const vectors = model.norm === "layer" ? 2 : 1;
  const layer = (group: LayerGroup, active: boolean): number =>
    attentionParameters(group.attention, model.width) +
    feedForwardParameters(group.feedForward, model.width, active) +
    group.norms * vectors * model.width;
  const embedding = (model.vocabulary + model.positions) * model.width;
  const head = model.tied ? 0 : model.vocabulary * model.width;
  const rest = (1 + (model.embeddingNorm ? 1 : 0)) * vectors * model.width;
  const sumLayers = (active: boolean): number =>
    model.groups.reduce((sum, group) => sum + group.count * layer(group, active), 0);
  const last = model.groups.at(-1);
  // Each module: one layer, the projection of [hidden, next embedding] to the width, and three norms.
  const prediction =
    last === undefined
      ? 0
      : model.predictionLayers * (layer(last, false) + 2 * model.width ** 2 + 3 * model.width);
  const outside = embedding + head + rest;
  return {
    total: outside + sumLayers(false) + prediction,
    active: outside + sumLayers(true),
    embedding,
    head,
    prediction,
  };
}

/** Parameters of one attention (or other mixer) of a model of residual width `width`. */
export function attentionParameters(attention: Attention, width: number): number {
  switch (attention.kind) {
    case "none":
      return 0;
    case "recurrent":
      return attention.parameters;
    case "latent": {
      const { heads, queryRank, kvRank, ropeWidth, nopeWidth, valueWidth, indexer } = attention;
      const queryWidth = heads * (nopeWidth + ropeWidth);
      const query =
        queryRank === undefined
          ? width * queryWidth
          : width * queryRank + queryRank + queryRank * queryWidth;
      const keyValue =
        width * (kvRank + ropeWidth) + kvRank + kvRank * heads * (nopeWidth + valueWidth);
      const index =
        indexer === undefined
          ? 0
          : (queryRank ?? width) * indexer.heads * indexer.headWidth +
            width * indexer.headWidth +
            2 * indexer.headWidth +
            width * indexer.heads;
      return query + keyValue + heads * valueWidth * width + index;
    }
    case "grouped": {
      const { heads, kvHeads, headWidth, gated } = attention;
      const queries = heads * headWidth * (gated ? 2 : 1);
      const keysValues = 2 * kvHeads * headWidth;
      const biases =
        (attention.inputBias ? queries + keysValues : 0) + (attention.outputBias ? width : 0);
      const norms = {
        none: 0,
        "per-head": 2 * headWidth,
        "all-heads": (heads + kvHeads) * headWidth,
      }[attention.headNorm];
      const sinks = attention.sinks ? heads : 0;
      return width * (queries + keysValues) + heads * headWidth * width + biases + norms + sinks;
    }
  }
}

/** Parameters of one feed-forward; with `active`, only the routed experts that one token visits. */
export function feedForwardParameters(
  feedForward: FeedForward,
  width: number,
  active: boolean,
): number {
  if (feedForward.kind === "none") return 0;
  const matrices = feedForward.gated ? 3 : 2;
  if (feedForward.kind === "dense") {
    const bias = feedForward.bias ? (matrices - 1) * feedForward.width + width : 0;
    return matrices * width * feedForward.width + bias;
  }
  const { experts, topK, sharedWidth, latentWidth } = feedForward;
  const expert = expertParameters(feedForward, width);
  const shared = matrices * width * sharedWidth + (feedForward.sharedGate ? width : 0);
  const router = experts * width + (feedForward.routerBias ? experts : 0);
  const latent = latentWidth === undefined ? 0 : 2 * width * latentWidth;
  return (active ? topK : experts) * expert + shared + router + latent;
}

/** Parameters of one routed expert. */
export function expertParameters(
  feedForward: FeedForward & { readonly kind: "experts" },
  width: number,
): number {
  const matrices = feedForward.gated ? 3 : 2;
  const inner = feedForward.latentWidth ?? width;
  const bias = feedForward.bias ? (matrices - 1) * feedForward.width + inner : 0;
  return matrices * inner * feedForward.width + bias;
}
