/** How a gap closes: by one's own effort and, slower, by itself. */
export interface LearningCurve {
  /** Engineer-months that halve what can still be closed. */
  readonly effortHalving: number;
  /** Years in which others halve it. */
  readonly freeHalving: number;
  /** Share of the gap that stays. */
  readonly remainder: number;
}

/**
 * Gap (1 - ratio) after `years` and `effort` engineer-months: exponential learning with a floor,
 * `gap x (r + (1 - r) 2^(-effort / E) 2^(-years / T))`. Effort is spent at the start.
 */
export function gapAfter(
  gap: number,
  effort: number,
  years: number,
  { effortHalving, freeHalving, remainder }: LearningCurve,
): number {
  const open = 2 ** (-effort / effortHalving) * 2 ** (-years / freeHalving);
  return gap * (remainder + (1 - remainder) * open);
}

/** Mean gap over `years` from now: the integral of `gapAfter` over them. */
export function meanGap(gap: number, effort: number, years: number, curve: LearningCurve): number {
  const { effortHalving, freeHalving, remainder } = curve;
  const rate = Math.LN2 / freeHalving;
  const decay = years === 0 ? 1 : (1 - Math.exp(-rate * years)) / (rate * years);
  return gap * (remainder + (1 - remainder) * 2 ** (-effort / effortHalving) * decay);
}
