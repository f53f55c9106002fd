import { Random } from "../../../kernel/index.ts";
import type { Traffic } from "../../../schema/index.ts";

/** One request of a simulated stream. */
export interface SimulatedRequest {
  readonly arrival: number;
  /** Prompt tokens that are computed; the rest is in the cache. */
  readonly fresh: number;
  readonly reused: number;
  readonly output: number;
}

const maxTokens = 10_000_000;

/** Requests of a traffic, in order of arrival; `rate` per second, Infinity for all at once. */
export function drawRequests(
  traffic: Traffic,
  rate: number,
  count: number,
  seed: number,
): readonly SimulatedRequest[] {
  const gaps = new Random(seed, "arrivals");
  const lengths = new Random(seed, "lengths");
  let arrival = 0;
  return Array.from({ length: count }, () => {
    if (Number.isFinite(rate)) arrival += gamma(gaps, traffic.burstiness) / rate;
    const input = logNormal(lengths, traffic.input);
    const reused = Math.floor(input * traffic.reusedPrefix);
    return {
      arrival,
      fresh: Math.max(1, input - reused),
      reused,
      output: logNormal(lengths, traffic.output),
    };
  });
}

/** A whole number of tokens, log-normal with a mean and a coefficient of variation. */
function logNormal(
  random: Random,
  { mean, spread }: { readonly mean: number; readonly spread: number },
): number {
  const variance = Math.log(1 + spread * spread);
  const value = mean * Math.exp(Math.sqrt(variance) * random.normal() - variance / 2);
  return Math.min(maxTokens, Math.max(1, Math.round(spread === 0 ? mean : value)));
}

/** Gamma variate of mean 1 and coefficient of variation `spread` (Marsaglia and Tsang 2000; boosted below shape 1). */
function gamma(random: Random, spread: number): number {
  if (spread === 0) return 1;
  const shape = 1 / (spread * spread);
  if (shape === 1) return -Math.log(1 - random.next());
  const boosted = shape < 1;
  const d = (boosted ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - random.next();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
      const boost = boosted ? (1 - random.next()) ** (1 / shape) : 1;
      return (d * v * boost) / shape;
    }
  }
}
