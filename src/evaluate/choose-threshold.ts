import type { Acceptance, Prices } from "../schema/index.ts";
import { priceTally, type Tally } from "./cost.ts";
import { twoSidedDeviations, wilsonAt } from "./intervals.ts";
import type { Outcome } from "./outcome.ts";

export interface ThresholdQuestion {
  readonly prices: Prices;
  readonly acceptance: Acceptance;
  readonly secondsPerTransaction: number;
  /** How many records the bar will be tried on; only their number is used. */
  readonly testRecords: number;
}

export interface ThresholdChoice {
  readonly threshold: number;
  /** Expected cost per 1,000 correct transactions on validation. */
  readonly cost: number;
  /** How surely the bar is expected to hold: 3 with room to spare, 2 just, 1 on average only, 0 not. */
  readonly assurance: number;
}

/** A threshold above every confidence: everything goes to a person. */
export const neverAlone = 2;

/**
 * Chooses the threshold that is expected to cost least, among those that are expected to keep the bar
 * most surely. With some 150 validation records the few wrong answers are too few to count one by
 * one, so a group of answers is expected to be right as often as its calibrated confidences say (the
 * map pools all validation answers into two numbers); only the spread of confidences is taken as it
 * is. A dearer error can only raise the threshold.
 */
export function chooseThreshold(
  validation: readonly Outcome[],
  question: ThresholdQuestion,
): ThresholdChoice {
  if (validation.length === 0)
    return { threshold: 0, cost: Number.POSITIVE_INFINITY, assurance: 0 };
  const confidences = validation.map(({ confidence }) => confidence).sort((a, b) => b - a);
  const records = confidences.length;
  let best: ThresholdChoice | undefined;
  let right = 0;
  for (let answered = 0; answered <= records; answered++) {
    const [above, below] = [confidences[answered - 1], confidences[answered]];
    // Below zero: no output at all.
    if (above !== undefined && above < 0) break;
    right += above ?? 0;
    // Equal confidences go through together.
    if (above !== undefined && above === below) continue;
    const tally = { records, answered, right };
    const choice = {
      threshold: between(above, below),
      cost: priceTally(tally, question.prices, question.secondsPerTransaction).total,
      assurance: assuranceOf(tally, question),
    };
    if (best === undefined || isBetter(choice, best)) best = choice;
  }
  return best ?? { threshold: 0, cost: Number.POSITIVE_INFINITY, assurance: 0 };
}

/** More surely within the bar, else cheaper; on equal terms the lower threshold. */
export function isBetter(a: ThresholdChoice, b: ThresholdChoice): boolean {
  if (a.assurance !== b.assurance) return a.assurance > b.assurance;
  return a.cost < b.cost || (a.cost === b.cost && a.threshold < b.threshold);
}

/** Half way between two neighbouring confidences, so that nothing hangs on a rounding error. */
function between(above: number | undefined, below: number | undefined): number {
  if (above === undefined) return neverAlone;
  return below === undefined || below < 0 ? 0 : (above + below) / 2;
}

/** One standard deviation more than the bar asks: about five in six test splits would then pass. */
const roomToSpare = 1;

function assuranceOf(expected: Tally, { acceptance, testRecords }: ThresholdQuestion): number {
  const share = expected.answered / expected.records;
  const accuracy = expected.answered === 0 ? 0 : expected.right / expected.answered;
  const z = twoSidedDeviations(acceptance.confidence);
  const holds = (deviations: number): boolean => {
    const answered = share * testRecords;
    return (
      wilsonAt(accuracy * answered, answered, deviations).low >= acceptance.accuracy &&
      wilsonAt(answered, testRecords, deviations).low >= acceptance.straightThrough
    );
  };
  if (holds(z + roomToSpare)) return 3;
  if (holds(z)) return 2;
  return accuracy >= acceptance.accuracy && share >= acceptance.straightThrough ? 1 : 0;
}
