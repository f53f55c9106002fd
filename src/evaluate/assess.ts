import type {
  Acceptance,
  Assessment,
  Interval,
  Measurement,
  ObjectSchema,
  Prices,
} from "../schema/index.ts";
import { accuracyPerClass, accuracyPerField } from "./break-down.ts";
import { calibrationBins, calibrationError } from "./calibration-error.ts";
import { chooseThreshold } from "./choose-threshold.ts";
import { fitCalibration } from "./confidence-map.ts";
import { priceTally, tallyAt } from "./cost.ts";
import { wilsonInterval } from "./intervals.ts";
import { outcomesOf, type Outcome } from "./outcome.ts";
import { bootstrapInterval } from "./resample.ts";
import { explainVerdict, passesBar } from "./verdict.ts";

/** The parts of a task that a variant is assessed by. */
export interface AssessTerms {
  readonly output: ObjectSchema;
  readonly acceptance: Acceptance;
  readonly prices: Prices;
  readonly seed: number;
}

/**
 * The verdict on one variant: confidences calibrated and the threshold chosen on validation, every
 * figure counted on test. A variant without validation answers is taken at its word, all of it.
 */
export function assess(measurement: Measurement, terms: AssessTerms): Assessment {
  const { variant, validation, test, resources } = measurement;
  const { acceptance, prices, output } = terms;
  const confidenceMap = fitCalibration(validation);
  const outcomes = outcomesOf(test, confidenceMap);
  const seconds = secondsOf(measurement);
  const { threshold } = chooseThreshold(outcomesOf(validation, confidenceMap), {
    prices,
    acceptance,
    secondsPerTransaction: coarseSecondsOf(measurement),
    testRecords: test.length,
  });
  const tally = tallyAt(outcomes, threshold);
  const right = test.filter(({ correct }) => correct).length;
  const straightThrough = wilsonInterval(tally.answered, tally.records, acceptance.confidence);
  const answeredAccuracy = wilsonInterval(tally.right, tally.answered, acceptance.confidence);
  const costs = priceTally(tally, prices, seconds);
  const calibration = calibrationBins(outcomes);
  const passes = passesBar({ answeredAccuracy, straightThrough }, acceptance);
  return {
    variant,
    records: test.length,
    accuracy: wilsonInterval(right, test.length, acceptance.confidence),
    perField: accuracyPerField(test, output, acceptance.confidence),
    perClass: accuracyPerClass(test, output),
    calibrationError: calibrationError(calibration),
    calibration,
    confidenceMap,
    threshold,
    thresholdCurve: drawCurve(outcomes, threshold, prices, seconds),
    straightThrough,
    answeredAccuracy,
    cost: costInterval(outcomes, threshold, terms, seconds),
    terms: costs,
    resources,
    passes,
    verdict: explainVerdict({ answeredAccuracy, straightThrough, tally }, acceptance),
  };
}

/**
 * Machine time to choose by, to one significant digit: what is chosen shall not hang on the noise of a
 * clock, and the machine's part of a cost is small beside a person's.
 */
export function coarseSecondsOf(measurement: Pick<Measurement, "resources">): number {
  return Number(secondsOf(measurement).toPrecision(1));
}

/** Machine time of one transaction when the machine is kept busy, in seconds. */
export function secondsOf({ resources }: Pick<Measurement, "resources">): number {
  return 1 / Math.max(1e-9, resources.transactionsPerSecond);
}

function costInterval(
  outcomes: readonly Outcome[],
  threshold: number,
  { acceptance, prices, seed }: AssessTerms,
  seconds: number,
): Interval {
  const value = priceTally(tallyAt(outcomes, threshold), prices, seconds).total;
  if (outcomes.length === 0) return { value, low: value, high: value };
  const { low, high } = bootstrapInterval(
    outcomes.length,
    { confidence: acceptance.confidence, seed },
    (weights) => priceTally(tallyAt(outcomes, threshold, weights), prices, seconds).total,
  );
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}

/** Points of a threshold curve at most, ends included. */
const curvePoints = 60;

/** What each threshold would have done on test; the first point takes every answer. */
function drawCurve(
  outcomes: readonly Outcome[],
  chosen: number,
  prices: Prices,
  seconds: number,
): Assessment["thresholdCurve"] {
  const sorted = outcomes
    .map(({ confidence }) => confidence)
    .filter((confidence) => confidence >= 0)
    .sort((a, b) => a - b);
  const every = Math.max(1, Math.ceil(sorted.length / (curvePoints - 2)));
  const places = new Set([0, chosen, ...sorted.filter((_, i) => i % every === 0)]);
  return [...places]
    .sort((a, b) => a - b)
    .map((threshold) => {
      const tally = tallyAt(outcomes, threshold);
      return {
        threshold,
        straightThrough: tally.records === 0 ? 0 : tally.answered / tally.records,
        accuracy: tally.answered === 0 ? 1 : tally.right / tally.answered,
        cost: priceTally(tally, prices, seconds).total,
      };
    });
}
