import type { Acceptance, Assessment, Selection } from "../schema/index.ts";
import { costDifference, selectionOptimism, type SelectionEvidence } from "./compare-costs.ts";
import { percent, shortfall } from "./verdict.ts";

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
  const currency = evidence?.prices.currency;
  const sentences = [
    `${winner.variant.label} is the cheapest of ${passing.length} of ${assessments.length} variants that pass the bar: ${money(winner.cost.value, currency)} per 1,000 correct transactions; ${percent(winner.answeredAccuracy)} of what goes straight through is right.`,
  ];
  if (second !== undefined) {
    sentences.push(explainSecond(winner, second, acceptance, evidence));
    const flattery = evidence && selectionOptimism(passing, evidence);
    if (flattery !== undefined) {
      sentences.push(
        `Choosing among ${passing.length} on the same test records makes the winner look at least about ${money(flattery, currency)} cheaper than it is.`,
      );
    }
  }
  return { winner: winner.variant.id, assessments, reason: sentences.join(" ") };
}

/** How far the next variant is, and whether these records can tell the two apart. */
function explainSecond(
  winner: Assessment,
  second: Assessment,
  { confidence }: Acceptance,
  evidence: SelectionEvidence | undefined,
): string {
  const currency = evidence?.prices.currency;
  const fact = `The next, ${second.variant.label}, costs ${money(second.cost.value, currency)}`;
  const difference = evidence && costDifference(winner, second, confidence, evidence);
  if (difference === undefined) return `${fact}.`;
  const range = `${money(difference.value, undefined)} more (${money(difference.low, undefined)} to ${money(difference.high, undefined)})`;
  const doubt = difference.low <= 0 ? ": these test records cannot tell the two apart" : "";
  return `${fact}, ${range}${doubt}.`;
}

/** Cost to three digits: nearer variants are decided by the smaller file, not by the noise of a clock. */
function coarseCost({ cost }: Assessment): number {
  return Number(cost.value.toPrecision(3));
}

function byCost(a: Assessment, b: Assessment): number {
  return (
    coarseCost(a) - coarseCost(b) ||
    (a.resources.fileBytes ?? 0) - (b.resources.fileBytes ?? 0) ||
    (a.variant.id < b.variant.id ? -1 : 1)
  );
}

function explainFailure(assessments: readonly Assessment[], acceptance: Acceptance): string {
  const [nearest] = assessments.toSorted(
    (a, b) => shortfall(a, acceptance) - shortfall(b, acceptance) || byCost(a, b),
  );
  if (nearest === undefined) return "no variant was evaluated";
  return `none of ${assessments.length} variants passes the bar; nearest is ${nearest.variant.label}, which ${nearest.verdict}`;
}

function money(amount: number, currency: string | undefined): string {
  const digits = Math.abs(amount) >= 100 ? 0 : 2;
  return `${amount.toFixed(digits)}${currency === undefined ? "" : ` ${currency}`}`;
}
