/** One pipeline stage as the sharing of layers sees it; seconds are of one micro-batch, forward and backward. */
export interface StageCost {
  /** Seconds per layer. */
  readonly perLayer: number;
  /** Seconds whatever its layers: sends, and the logits on the last stage. */
  readonly fixed: number;
  /** Layers that its memory holds. */
  readonly most: number;
}

/**
 * Layers of each stage so that the slowest stage is as quick as it can be: each layer goes to the stage that would be
 * the quickest with it. (Giving the next layer where the maximum rises least is optimal, as every stage's time only
 * grows with its layers.) Undefined when the layers do not fit, or are fewer than the stages.
 */
export function shareLayers(
  stages: readonly StageCost[],
  layers: number,
): readonly number[] | undefined {
  if (stages.length > layers || stages.some(({ most }) => most < 1)) return undefined;
  const shares = stages.map(() => 1);
  for (let given = stages.length; given < layers; given++) {
    let best = -1;
    let bestTime = Number.POSITIVE_INFINITY;
    stages.forEach((stage, index) => {
      const held = shares[index] ?? 0;
      const time = stage.fixed + (held + 1) * stage.perLayer;
      if (held < stage.most && time < bestTime) [best, bestTime] = [index, time];
    });
    if (best < 0) return undefined;
    shares[best] = (shares[best] ?? 0) + 1;
  }
  return shares;
}
