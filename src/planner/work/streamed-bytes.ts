import type { Architecture, LayerGroup, TrainingPlan } from "../../schema/index.ts";

/** Bytes that the kernels between the products move in one forward pass of one layer on one rank. */
export interface StreamedBytes {
  /** Norms, residual sums, rotary positions, activations. */
  readonly plain: number;
  /** Sorting tokens by expert and back. */
  readonly sorting: number;
  /** Convolution, gates and scan of a recurrent mixer. */
  readonly scanning: number;
}

/** 16-bit numbers, each kernel reading its inputs and writing its output once. */
export function streamedBytes(
  layer: LayerGroup,
  model: Architecture,
  { tensor, sequenceParallel }: Pick<TrainingPlan, "tensor" | "sequenceParallel">,
  tokens: number,
): StreamedBytes {
  const { attention, feedForward } = layer;
  // A norm reads and writes; the residual sum before it reads two and writes one.
  const residual = layer.norms * (4 + 6) * model.width;
  const alongTokens = residual / (sequenceParallel ? tensor : 1);
  // Rotary positions read and write queries and keys.
  const heads =
    attention.kind === "grouped"
      ? (attention.heads + attention.kvHeads) * attention.headWidth
      : attention.kind === "latent"
        ? 2 * attention.heads * (attention.nopeWidth + attention.ropeWidth)
        : 0;
  const inner =
    feedForward.kind === "dense"
      ? feedForward.width * (feedForward.gated ? 6 : 4)
      : feedForward.kind === "experts"
        ? (feedForward.topK * feedForward.width + feedForward.sharedWidth) *
            (feedForward.gated ? 6 : 4) +
          feedForward.experts * 12
        : 0;
  // Each visit of an expert gathers a row before it and scatters one after it, and the combination reads all.
  const sorting =
    feedForward.kind === "experts"
      ? feedForward.topK * (feedForward.latentWidth ?? model.width) * 12
      : 0;
  // What the projections made is read and written by the convolution, by the scan and by the gated norm.
  const scanning =
    attention.kind === "recurrent" ? (12 * attention.matrixParameters) / model.width : 0;
  return {
    plain: tokens * (alongTokens + (4 * heads + inner) / tensor),
    sorting: (tokens * sorting) / tensor,
    scanning: (tokens * scanning) / tensor,
  };
}
