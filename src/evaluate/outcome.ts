import type { ConfidenceMap, Judged } from "../schema/index.ts";
import { applyMap } from "./confidence-map.ts";

/** What costs and thresholds need to know of one judged transaction. */
export interface Outcome {
  /** Calibrated probability of being right, in [0, 1]; -1 without an output, which never goes through. */
  readonly confidence: number;
  readonly correct: boolean;
}

export function outcomesOf(judged: readonly Judged[], map: ConfidenceMap): Outcome[] {
  return judged.map(({ answer, correct }) => ({
    confidence: answer.output === undefined ? -1 : applyMap(map, answer.confidence),
    correct,
  }));
}
