import type { ConfidenceMap, Judged } from "../schema/index.ts";
import { fitLogit } from "./fit-logit.ts";

/** Precision of the belief in "as given": of 0.1, 0.5, 2 and 5 the best in bench/thresholds.ts. */
const leaning = 2;

/** Leaves confidences as they are. */
export const identityMap: ConfidenceMap = { kind: "logit", slope: 1, offset: 0 };

/**
 * Learns, on validation answers, how a variant's own confidence becomes a probability of being right:
 * Platt's logistic map of the log-odds (a temperature and a shift), so confidences of unlike variants
 * can be compared. Monotone; two numbers, because validation splits are small. The fit leans on "as
 * given" (`leaning`), so that few records move it little.
 */
export function fitCalibration(validation: readonly Judged[]): ConfidenceMap {
  const answered = validation.filter(({ answer }) => answer.output !== undefined);
  if (answered.length === 0) return identityMap;
  const rows = answered.map(({ answer }) => [logit(answer.confidence), 1]);
  const right = answered.map(({ correct }) => correct);
  const [slope = 1, offset = 0] = fitLogit(rows, right, { prior: [1, 0], strength: leaning });
  if (slope > 0) return { kind: "logit", slope, offset };
  // The confidence says nothing (or the contrary): only the overall share of right answers is left.
  const [share = 0] = fitLogit(
    rows.map(() => [1]),
    right,
    { prior: [0], strength: leaning },
  );
  return { kind: "logit", slope: 0, offset: share };
}

/** The calibrated probability, in [0, 1], that an answer with this confidence is right. */
export function applyMap(map: ConfidenceMap, confidence: number): number {
  return sigmoid(map.slope * logit(confidence) + map.offset);
}

/** Log-odds, held within +-16 (one in nine million), so that a confidence of 1 stays finite. */
export function logit(probability: number): number {
  const odds = Math.log(probability) - Math.log1p(-probability);
  return Number.isNaN(odds) ? 0 : Math.max(-16, Math.min(16, odds));
}

export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}
