import { costPerCorrect, type CostTerms, type Prices } from "../schema/index.ts";
import type { Outcome } from "./outcome.ts";

/** What became of transactions at one threshold; counts may be expected values, not whole numbers. */
export interface Tally {
  readonly records: number;
  /** Went straight through: calibrated confidence at or above the threshold. */
  readonly answered: number;
  /** Of those, the right ones. */
  readonly right: number;
}

/** Counts outcomes at a threshold; `weights` tells how often each counts (a bootstrap's resample). */
export function tallyAt(
  outcomes: readonly Outcome[],
  threshold: number,
  weights?: Int32Array,
): Tally {
  let [records, answered, right] = [0, 0, 0];
  for (const [i, { confidence, correct }] of outcomes.entries()) {
    const weight = weights === undefined ? 1 : (weights[i] ?? 0);
    records += weight;
    if (confidence < threshold) continue;
    answered += weight;
    if (correct) right += weight;
  }
  return { records, answered, right };
}

/**
 * Cost per 1,000 correct transactions, by the cost identity: every transaction takes the machine's time, whoever
 * answers it in the end.
 */
export function priceTally(tally: Tally, prices: Prices, secondsPerTransaction: number): CostTerms {
  const machine = (tally.records * secondsPerTransaction * prices.machinePerHour) / 3_600;
  return costPerCorrect(tally, prices, machine);
}
