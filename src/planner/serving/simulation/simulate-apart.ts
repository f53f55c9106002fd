import { sequenceBytes } from "../law/kv-cache.ts";
import { prefillTime, type Replica } from "../queue/steady-state.ts";
import type { SimulatedRequest } from "./requests.ts";
import type { SimulationOptions, SimulationResult } from "./result.ts";
import { simulate } from "./simulate.ts";

/** Replicas that only compute prompts, and the wire over which caches go to those that only decode. */
export interface Apart {
  readonly prefill: Replica;
  readonly prefillReplicas: number;
  readonly decode: Replica;
  /** Bytes per second of one cache's way. */
  readonly bandwidth: number;
}

/**
 * Prefill and decode on separate replicas: prompts wait for the first free prefill replica, their cache travels, and
 * one decode replica takes all (with several, give it its share of the requests). First tokens come from the prefill.
 */
export function simulateApart(
  { prefill, prefillReplicas, decode, bandwidth }: Apart,
  requests: readonly SimulatedRequest[],
  options: Pick<SimulationOptions, "speculation"> = {},
): SimulationResult {
  const free = new Float64Array(Math.max(1, prefillReplicas));
  const moved = requests.map((request, index) => {
    let server = 0;
    for (let other = 1; other < free.length; other++) {
      if ((free[other] ?? 0) < (free[server] ?? 0)) server = other;
    }
    const { fresh, reused, arrival } = request;
    const input = fresh + reused;
    const sizes = { input, output: request.output, reused: reused / input, spread: 0 };
    const start = Math.max(arrival, free[server] ?? 0);
    const first = start + prefillTime(prefill, sizes) + prefill.coefficients.request;
    free[server] = first;
    const way = sequenceBytes(prefill.pass.cache, input) / bandwidth;
    return { index, first, ready: first + way };
  });
  const order = [...moved].sort((a, b) => a.ready - b.ready || a.index - b.index);
  const arriving = order.map(({ index, ready }) => ({
    ...(requests[index] ?? { fresh: 1, reused: 0, output: 1 }),
    arrival: ready,
  }));
  const decoded = simulate(decode, arriving, { ...options, prefilled: true });
  const waits = moved.map(({ first }, index) => first - (requests[index]?.arrival ?? 0));
  const sorted = waits.slice(Math.floor(waits.length / 10)).sort((a, b) => a - b);
  const at = (q: number): number => sorted[Math.floor((sorted.length - 1) * q)] ?? 0;
  const total = sorted.reduce((sum, wait) => sum + wait, 0);
  return {
    ...decoded,
    timeToFirst: {
      mean: total / Math.max(1, sorted.length),
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
    },
  };
}
