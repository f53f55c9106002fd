import type { Scores } from "../program.ts";

/** Probabilities of the scored tokens among themselves, in their order. */
export function softmax(scores: Scores): number[] {
  const highest = scores[0]?.logit ?? 0;
  const weights = scores.map(({ logit }) => Math.exp(logit - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
