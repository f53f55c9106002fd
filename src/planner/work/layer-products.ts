import type { Attention, ExpertFeedForward, FeedForward, LayerGroup } from "../../schema/index.ts";

/** One matrix product of a rank: [m, k] times [k, n], done `copies` times (one per local expert). */
export interface Product {
  readonly label:
    | "attention"
    | "feed-forward"
    | "experts"
    | "shared"
    | "router"
    | "mixer"
    | "logits";
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly copies: number;
}

/** How a layer is cut over ranks. */
export interface Cut {
  readonly tensor: number;
  readonly expert: number;
  readonly expertTensor: number;
}

/** Operations of a product: a multiply and an add for each of m n k. */
export function productFlops({ m, n, k, copies }: Product): number {
  return 2 * m * n * k * copies;
}

/** Numbers read and written by a product, each once. */
export function productElements({ m, n, k, copies }: Product): number {
  return (m * k + k * n + m * n) * copies;
}

/** Forward products of one layer on one rank for `tokens` tokens of its tensor-parallel group. */
export function layerProducts(
  layer: LayerGroup,
  width: number,
  tokens: number,
  cut: Cut,
): Product[] {
  return [
    ...attentionProducts(layer.attention, width, tokens, cut.tensor),
    ...feedForwardProducts(layer.feedForward, width, tokens, cut),
  ];
}

function attentionProducts(
  attention: Attention,
  width: number,
  m: number,
  tensor: number,
): Product[] {
  const product = (k: number, n: number): Product => ({ label: "attention", m, k, n, copies: 1 });
  switch (attention.kind) {
    case "none":
      return [];
    case "recurrent":
      return [
        { label: "mixer", m, k: width, n: attention.matrixParameters / width / tensor, copies: 1 },
      ];
    case "grouped": {
      const { heads, kvHeads, headWidth, gated } = attention;
      // Fewer key heads than ranks: each rank keeps a whole one.
      const keys = 2 * Math.max(1, kvHeads / tensor) * headWidth;
      const queries = (heads * headWidth) / tensor;
      return [product(width, queries * (gated ? 2 : 1) + keys), product(queries, width)];
    }
    case "latent": {
      const { heads, queryRank, kvRank, ropeWidth, nopeWidth, valueWidth } = attention;
      const queryWidth = (heads * (nopeWidth + ropeWidth)) / tensor;
      const query =
        queryRank === undefined
          ? [product(width, queryWidth)]
          : [product(width, queryRank), product(queryRank, queryWidth)];
      return [
        ...query,
        product(width, kvRank + ropeWidth),
        product(kvRank, (heads * (nopeWidth + valueWidth)) / tensor),
        product((heads * valueWidth) / tensor, width),
      ];
    }
  }
}

function feedForwardProducts(
  feedForward: FeedForward,
  width: number,
  m: number,
  cut: Cut,
): Product[] {
  switch (feedForward.kind) {
    case "none":
      return [];
    case "dense":
      return twoProducts(
        "feed-forward",
        m,
        width,
        feedForward.width / cut.tensor,
        feedForward.gated,
      );
    case "experts":
      return expertProducts(feedForward, width, m, cut);
  }
}

function expertProducts(
  feedForward: ExpertFeedForward,
  width: number,
  m: number,
  cut: Cut,
): Product[] {
  const { experts, topK, sharedWidth, gated, latentWidth } = feedForward;
  const local = Math.max(1, experts / cut.expert);
  // Tokens of the whole expert-parallel group that visit one expert; a tensor-parallel group holds `m` once.
  const perExpert = (m * topK * cut.expert * (cut.expertTensor / cut.tensor)) / experts;
  const inner = latentWidth ?? width;
  const routed = twoProducts(
    "experts",
    perExpert,
    inner,
    feedForward.width / cut.expertTensor,
    gated,
    local,
  );
  const shared =
    sharedWidth === 0 ? [] : twoProducts("shared", m, width, sharedWidth / cut.tensor, gated);
  const latent: Product[] =
    latentWidth === undefined
      ? []
      : [{ label: "shared", m: m / cut.tensor, k: width, n: 2 * latentWidth, copies: 1 }];
  return [
    { label: "router", m: m / cut.tensor, k: width, n: experts, copies: 1 },
    ...routed,
    ...shared,
    ...latent,
  ];
}

function twoProducts(
  label: Product["label"],
  m: number,
  width: number,
  inner: number,
  gated: boolean,
  copies = 1,
): Product[] {
  return [
    { label, m, k: width, n: gated ? 2 * inner : inner, copies },
    { label, m, k: inner, n: width, copies },
  ];
}
