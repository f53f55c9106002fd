import { quantile, Random } from "../kernel/index.ts";

/**
 * Resamples of a bootstrap: 1,000 let the ends of a 95 % interval stand still to a few percent; of
 * very many records fewer, whose own spread is small.
 */
function resamplesOf(records: number): number {
  return Math.round(Math.min(1_000, Math.max(200, 4_000_000 / Math.max(1, records))));
}

/**
 * How often each of n records is drawn, for each resample. The draws depend on the seed and n alone,
 * so that variants judged on the same records, in the same order, are compared on the same resamples.
 */
export function* drawResamples(
  records: number,
  seed: number,
  count: number = resamplesOf(records),
): Generator<Int32Array> {
  const random = new Random(seed, "bootstrap", records);
  for (let b = 0; b < count; b++) {
    const weights = new Int32Array(records);
    for (let i = 0; i < records; i++) {
      const drawn = random.below(records);
      weights[drawn] = (weights[drawn] ?? 0) + 1;
    }
    yield weights;
  }
}

/** Percentile interval of a statistic of weighted records. */
export function bootstrapInterval(
  records: number,
  options: { readonly confidence: number; readonly seed: number },
  statistic: (weights: Int32Array) => number,
): { readonly low: number; readonly high: number } {
  const values: number[] = [];
  for (const weights of drawResamples(records, options.seed)) values.push(statistic(weights));
  const tail = (1 - options.confidence) / 2;
  return { low: quantile(values, tail), high: quantile(values, 1 - tail) };
}
