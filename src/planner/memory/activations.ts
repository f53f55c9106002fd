import type { Architecture, LayerGroup, TrainingPlan } from "../../schema/index.ts";

/** How a layer's activations are kept. */
type Keeping = Pick<
  TrainingPlan,
  "tensor" | "sequenceParallel" | "recompute" | "flashAttention" | "expertTensor"
>;

/**
 * Bytes per token that one layer keeps for its backward pass on one rank, in 16 bits. For a GPT layer with dropout
 * this is table 2 of Korthikanti et al. 2022: s b h (34 + 5 a s / h) in all, of which 10 is not cut by tensor
 * parallelism alone, all of it with sequence parallelism, without 5 a s / h under selective recompute, and 2 under full.
 */
export function layerActivationBytes(
  layer: LayerGroup,
  model: Architecture,
  keeping: Keeping,
  sequence: number,
): number {
  const { tensor, sequenceParallel, recompute } = keeping;
  const along = sequenceParallel ? tensor : 1;
  if (recompute === "full") return (2 * model.width) / along;
  // Dropout came with layer norms and biases; models with RMS norms train without.
  const mask = model.norm === "layer" ? 1 : 0;
  const norms = (layer.norms * 2 * model.width) / along;
  return (
    norms +
    mixerBytes(layer, model, keeping, sequence, along, mask) +
    innerBytes(layer, model, keeping, along, mask)
  );
}

function mixerBytes(
  { attention }: LayerGroup,
  model: Architecture,
  { tensor, recompute, flashAttention }: Keeping,
  sequence: number,
  along: number,
  mask: number,
): number {
  const input = 2 * model.width;
  switch (attention.kind) {
    case "none":
      return 0;
    case "recurrent":
      return (
        (input + mask * model.width) / along +
        (2 * 3 * attention.matrixParameters) / model.width / tensor
      );
    case "latent": {
      const { heads, queryRank, kvRank, ropeWidth, nopeWidth, valueWidth } = attention;
      const latents = 2 * ((queryRank ?? 0) * 2 + kvRank * 2 + ropeWidth);
      const projected = 2 * heads * (2 * (nopeWidth + ropeWidth) + 2 * valueWidth);
      return (input + latents) / along + projected / tensor;
    }
    case "grouped": {
      const { heads, kvHeads, headWidth } = attention;
      // Queries and keys, values, and the output that the last projection reads.
      const projected = 2 * (2 * heads + 2 * kvHeads) * headWidth;
      // Softmax output (2), dropout mask (1) and dropout output (2) for each score.
      const scores =
        flashAttention || recompute === "selective" ? 0 : (2 + 3 * mask) * heads * sequence;
      return (input + mask * model.width) / along + (projected + scores) / tensor;
    }
  }
}

function innerBytes(
  { feedForward }: LayerGroup,
  model: Architecture,
  { tensor, expertTensor }: Keeping,
  along: number,
  mask: number,
): number {
  const input = 2 * model.width;
  if (feedForward.kind === "none") return 0;
  // Input of the activation and its output (gated: two inputs).
  const inner = (width: number): number => 2 * width * (feedForward.gated ? 3 : 2);
  if (feedForward.kind === "dense") {
    return (input + mask * model.width) / along + inner(feedForward.width) / tensor;
  }
  const { topK, width, sharedWidth, experts, latentWidth } = feedForward;
  // Each visit keeps its sorted input and its output, which the combination weighs.
  const visits = topK * (4 * (latentWidth ?? model.width) + inner(width) / expertTensor);
  return input / along + (visits + 8 * experts) / tensor + inner(sharedWidth) / tensor;
}
