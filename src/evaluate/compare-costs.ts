import type { Assessment, Interval, Measurement, Prices } from "../schema/index.ts";
import { secondsOf } from "./assess.ts";
import { priceTally, tallyAt } from "./cost.ts";
import { outcomesOf } from "./outcome.ts";
import { bootstrapInterval, drawResamples } from "./resample.ts";

/** What the assessments were made from. */
export interface SelectionEvidence {
  readonly measurements: readonly Measurement[];
  readonly prices: Prices;
  readonly seed: number;
}

/**
 * By how much the chosen variant's cost is flattered by having been chosen on the records it is
 * reported on: over resamples of those records, the mean of (cost on all records - cost on the
 * resample) of the variant that the resample would choose. Never below zero; a lower estimate, about
 * two thirds (bench/selection.ts). Variants on other numbers of records are left out.
 */
export function selectionOptimism(
  candidates: readonly Assessment[],
  evidence: SelectionEvidence,
): number | undefined {
  const records = candidates[0]?.records ?? 0;
  const prices = candidates
    .filter((candidate) => candidate.records === records)
    .flatMap((candidate) => costFunction(candidate, evidence) ?? []);
  if (prices.length === 0 || records === 0) return undefined;
  const full = prices.map((costOf) => costOf());
  let total = 0;
  let count = 0;
  for (const weights of drawResamples(records, evidence.seed, 200)) {
    const costs = prices.map((costOf) => costOf(weights));
    const chosen = costs.indexOf(Math.min(...costs));
    total += (full[chosen] ?? 0) - (costs[chosen] ?? 0);
    count++;
  }
  return Math.max(0, total / count);
}

/**
 * How much dearer `other` is than `winner` on the same test records, with the interval of a paired
 * bootstrap: both are resampled together, so what is hard for both does not blur the difference.
 */
export function costDifference(
  winner: Assessment,
  other: Assessment,
  confidence: number,
  evidence: SelectionEvidence,
): Interval | undefined {
  const [ofWinner, ofOther] = [costFunction(winner, evidence), costFunction(other, evidence)];
  if (ofWinner === undefined || ofOther === undefined || winner.records !== other.records) {
    return undefined;
  }
  const difference = (weights?: Int32Array): number => ofOther(weights) - ofWinner(weights);
  const options = { confidence, seed: evidence.seed };
  return { value: difference(), ...bootstrapInterval(winner.records, options, difference) };
}

/** Cost of a variant at its threshold on (resampled) test records. */
function costFunction(
  { variant, confidenceMap, threshold }: Assessment,
  { measurements, prices }: SelectionEvidence,
): ((weights?: Int32Array) => number) | undefined {
  const measurement = measurements.find((one) => one.variant.id === variant.id);
  if (measurement === undefined) return undefined;
  const outcomes = outcomesOf(measurement.test, confidenceMap);
  const seconds = secondsOf(measurement);
  return (weights) => priceTally(tallyAt(outcomes, threshold, weights), prices, seconds).total;
}
