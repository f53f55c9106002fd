import { mean, quantile } from "../../../kernel/index.ts";

/** How a draft model or extra heads propose tokens: `drafted` per step, each accepted with `acceptance`. */
export interface Speculation {
  readonly drafted: number;
  readonly acceptance: number;
  /** Time of proposing one token, as a share of a pass. */
  readonly cost: number;
}

export interface SimulationOptions {
  /** Requests in flight are kept at this many; arrivals do not count then. */
  readonly concurrency?: number | undefined;
  readonly speculation?: Speculation | undefined;
  /** Prompts were computed elsewhere: requests arrive with their cache. */
  readonly prefilled?: boolean | undefined;
}

/** Mean and percentiles, in seconds. */
export interface Spread {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What a simulated replica did. */
export interface SimulationResult {
  readonly requests: number;
  /** Simulated seconds. */
  readonly seconds: number;
  readonly timeToFirst: Spread;
  readonly timePerToken: Spread;
  readonly latency: Spread;
  readonly requestsPerSecond: number;
  readonly outputTokensPerSecond: number;
  /** Sequences that decoded at once, averaged over passes that decoded. */
  readonly meanBatch: number;
  readonly preemptions: number;
  /** Passes, of which runs of equal decode passes are computed in one go. */
  readonly passes: number;
}

/** Tokens that a step yields: 1 + a + a^2 + ... + a^drafted (Leviathan, Kalman and Matias 2023, eq. 1). */
export function tokensPerStep({ drafted, acceptance }: Speculation): number {
  let total = 1;
  let chance = 1;
  for (let index = 0; index < drafted; index++) {
    chance *= acceptance;
    total += chance;
  }
  return total;
}

/** Mean and percentiles of some seconds; zeros of none. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) return { mean: 0, p50: 0, p95: 0, p99: 0 };
  return {
    mean: mean(values),
    p50: quantile(values, 0.5),
    p95: quantile(values, 0.95),
    p99: quantile(values, 0.99),
  };
}
