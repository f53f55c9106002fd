import type { Acceptance, Assessment, Measurement, Prices, Selection } from "../schema/index.ts";
import { priceTally, tallyAt } from "./cost.ts";
import { secondsOf } from "./assess.ts";
import { outcomesOf } from "./outcome.ts";
import { drawResamples } from "./resample.ts";
import { percent, shortfall } from "./verdict.ts";

/** What the assessments were made from: lets the selection say how much choosing flattered it. */
export interface SelectionEvidence {
  readonly measurements: readonly Measurement[];
  readonly prices: Prices;
  readonly seed: number;
}

/**
 * Takes the variant with the lowest cost on test among those whose test intervals reach the bar. The
 * bias of choosing on the same records is measured by bootstrap and said (docs/decisions,
 * "selection"). No winner: the reason says by how much the nearest one misses.
 */
export function select(
  assessments: readonly Assessment[],
  acceptance: Acceptance,
  evidence?: SelectionEvidence,
): Selection {
  const passing = assessments.filter(({ passes }) => passes).sort(byCost);
  const [winner, second] = passing;
  if (winner === undefined) {
    return { winner: undefined, assessments, reason: explainFailure(assessments, acceptance) };
  }
  const sentences = [
    `${winner.variant.label} is the cheapest of ${passing.length} of ${assessments.length} variants that pass the bar: ${money(winner.cost.value, evidence)} per 1,000 correct transactions; ${percent(winner.answeredAccuracy)} of what goes straight through is right.`,
  ];
  if (second !== undefined) {
    sentences.push(
      `The next, ${second.variant.label}, costs ${money(second.cost.value, evidence)}.`,
    );
  }
  if (evidence !== undefined && passing.length > 1) {
    const flattery = selectionOptimism(passing, evidence);
    if (flattery !== undefined) {
      sentences.push(
        `Choosing among ${passing.length} on the same test records makes the winner look at least about ${money(flattery, evidence)} cheaper than it is.`,
      );
    }
  }
  return { winner: winner.variant.id, assessments, reason: sentences.join(" ") };
}

/**
 * By how much the chosen variant's cost is flattered by having been chosen on the records it is
 * reported on: over resamples of those records, the mean of (cost on all records - cost on the
 * resample) of the variant that the resample would choose. Never below zero; a lower estimate, about two thirds (bench/selection.ts).
 */
export function selectionOptimism(
  candidates: readonly Assessment[],
  { measurements, prices, seed }: SelectionEvidence,
): number | undefined {
  const judged = candidates.flatMap(({ variant, confidenceMap, threshold, records }) => {
    const measurement = measurements.find((one) => one.variant.id === variant.id);
    if (measurement === undefined || records !== candidates[0]?.records) return [];
    return [
      {
        threshold,
        outcomes: outcomesOf(measurement.test, confidenceMap),
        seconds: secondsOf(measurement),
      },
    ];
  });
  const [first] = judged;
  if (first === undefined || first.outcomes.length === 0) return undefined;
  const costOf = (one: (typeof judged)[number], weights?: Int32Array): number =>
    priceTally(tallyAt(one.outcomes, one.threshold, weights), prices, one.seconds).total;
  const full = judged.map((one) => costOf(one));
  let total = 0;
  let count = 0;
  for (const weights of drawResamples(first.outcomes.length, seed, 200)) {
    const costs = judged.map((one) => costOf(one, weights));
    const chosen = costs.indexOf(Math.min(...costs));
    total += (full[chosen] ?? 0) - (costs[chosen] ?? 0);
    count++;
  }
  return Math.max(0, total / count);
}

function byCost(a: Assessment, b: Assessment): number {
  return a.cost.value - b.cost.value || (a.variant.id < b.variant.id ? -1 : 1);
}

function explainFailure(assessments: readonly Assessment[], acceptance: Acceptance): string {
  const [nearest] = assessments.toSorted(
    (a, b) => shortfall(a, acceptance) - shortfall(b, acceptance) || byCost(a, b),
  );
  if (nearest === undefined) return "no variant was evaluated";
  return `none of ${assessments.length} variants passes the bar; nearest is ${nearest.variant.label}, which ${nearest.verdict}`;
}

function money(amount: number, evidence: SelectionEvidence | undefined): string {
  const digits = amount >= 100 ? 0 : 2;
  return `${amount.toFixed(digits)}${evidence === undefined ? "" : ` ${evidence.prices.currency}`}`;
}
