import type { Interval } from "../schema/index.ts";

/**
 * Wilson's score interval for a proportion (Wilson 1927): honest near 0 and 1 and for few records,
 * where the normal interval is not. Two-sided at `confidence`. Without records: 0 to 1.
 */
export function wilsonInterval(successes: number, records: number, confidence: number): Interval {
  return wilsonAt(successes, records, twoSidedDeviations(confidence));
}

/** Wilson's interval that reaches `z` standard deviations to each side. */
export function wilsonAt(successes: number, records: number, z: number): Interval {
  if (records <= 0) return { value: 0, low: 0, high: 1 };
  const share = successes / records;
  const square = (z * z) / records;
  const centre = (share + square / 2) / (1 + square);
  const reach =
    (z / (1 + square)) * Math.sqrt((share * (1 - share)) / records + square / (4 * records));
  return { value: share, low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) };
}

/** Standard deviations to each side that hold `confidence` of a normal distribution: 1.96 for 0.95. */
export function twoSidedDeviations(confidence: number): number {
  return normalQuantile((1 + confidence) / 2);
}

/** Inverse of the normal distribution function, by bisection; absolute error below 1e-9. */
export function normalQuantile(probability: number): number {
  let [low, high] = [-9, 9];
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(X < x) of a standard normal X: the series phi(x) (x + x^3/3 + x^5/15 + ...) (Marsaglia 2004). */
function normalBelow(x: number): number {
  let [term, total] = [x, x];
  for (let k = 3; Math.abs(term) > 1e-17 && k < 400; k += 2) {
    term *= (x * x) / k;
    total += term;
  }
  return 0.5 + (total * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
