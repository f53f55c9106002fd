import type { Acceptance, Interval } from "../schema/index.ts";
import type { Tally } from "./cost.ts";
import { wilsonInterval } from "./intervals.ts";

interface BarFigures {
  readonly answeredAccuracy: Interval;
  readonly straightThrough: Interval;
}

/** The bar is passed when the low ends of both intervals reach it: an average that does may be luck. */
export function passesBar(
  { answeredAccuracy, straightThrough }: BarFigures,
  acceptance: Acceptance,
): boolean {
  return shortfall({ answeredAccuracy, straightThrough }, acceptance) === 0;
}

/** By how much the low ends miss the bar, added up; 0 when both reach it. */
export function shortfall(
  { answeredAccuracy, straightThrough }: BarFigures,
  acceptance: Acceptance,
): number {
  return (
    Math.max(0, acceptance.accuracy - answeredAccuracy.low) +
    Math.max(0, acceptance.straightThrough - straightThrough.low)
  );
}

/** Why a variant passes or not, in words, with its figures. */
export function explainVerdict(
  figures: BarFigures & { readonly tally: Tally },
  acceptance: Acceptance,
): string {
  const { answeredAccuracy, straightThrough, tally } = figures;
  if (tally.answered === 0) {
    return "misses the bar: no answer is sure enough to go straight through";
  }
  const facts = `${tally.right} of the ${tally.answered} answers that go straight through are right (${percent(answeredAccuracy)}), ${tally.answered} of ${tally.records} transactions go through (${percent(straightThrough)})`;
  if (passesBar(figures, acceptance)) return `passes: ${facts}`;
  const misses: string[] = [];
  if (answeredAccuracy.low < acceptance.accuracy) {
    misses.push(
      `at least ${share(answeredAccuracy.low)} right is certain enough, ${share(acceptance.accuracy)} is asked`,
    );
  }
  if (straightThrough.low < acceptance.straightThrough) {
    misses.push(
      `at least ${share(straightThrough.low)} straight through is certain enough, ${share(acceptance.straightThrough)} is asked`,
    );
  }
  const few = tooFewRecords(tally, acceptance);
  return `misses the bar: ${facts}; ${misses.join("; ")}${few === undefined ? "" : `; ${few}`}`;
}

/** Says so when not even a perfect score on these records would show the bar to be passed. */
function tooFewRecords(
  { answered }: Tally,
  { accuracy, confidence }: Acceptance,
): string | undefined {
  if (wilsonInterval(answered, answered, confidence).low >= accuracy) return undefined;
  if (accuracy >= 1) return "a bar of 100 % cannot be shown by any number of records";
  let needed = answered;
  while (wilsonInterval(needed, needed, confidence).low < accuracy)
    needed = Math.ceil(needed * 1.1) + 1;
  return `too few test records: even ${answered} right out of ${answered} would not show it, about ${needed} would`;
}

/** `97.1 %, 94.0 to 98.6` */
export function percent({ value, low, high }: Interval): string {
  return `${share(value)}, ${digits(low)} to ${digits(high)}`;
}

function share(value: number): string {
  return `${digits(value)} %`;
}

function digits(value: number): string {
  return (100 * value).toFixed(1);
}
