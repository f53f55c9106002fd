import { closedLoop, saturated, prefillTime, decodeTime } from "./steady-state.ts";
import type { Replica, RequestSizes } from "./steady-state.ts";
import { sequencesAtOnce } from "../law/capacity.ts";

/** What a queueing model says of one replica at a rate. */
export interface QueueEstimate {
  /** Requests per second that the replica can do at most, and the share of it that is asked. */
  readonly capacity: number;
  readonly load: number;
  readonly batch: number;
  readonly timePerToken: number;
  readonly timeToFirst: number;
  /** Mean wait for a place in the batch. */
  readonly wait: number;
}

/**
 * Closed form for a replica at `rate` requests per second: the batch is the fixed point of Little's law, prompts slow
 * passes down by their share, prompts wait for each other as in M/G/1 (Pollaczek and Khinchine), and places in the
 * batch are a queue of as many servers (Sakasegawa 1977, with the variability of arrivals and lengths).
 */
export function openQueue(
  replica: Replica,
  sizes: RequestSizes,
  rate: number,
  burstiness = 1,
): QueueEstimate {
  const full = saturated(replica, sizes);
  const capacity = full.requestsPerSecond;
  const load = rate / capacity;
  const context = sizes.input + sizes.output / 2;
  const places = Math.max(1, sequencesAtOnce(replica.pass, context));
  let batch = 1;
  let perToken = decodeTime(replica, 1, context);
  for (let round = 0; round < 40; round++) {
    const extra = Math.max(
      0,
      prefillTime(replica, sizes, batch) - decodeTime(replica, batch, context),
    );
    const busy = Math.min(0.98, rate * (extra + replica.coefficients.request));
    perToken = decodeTime(replica, batch, context) / (1 - busy);
    const next = Math.min(places, Math.max(1, rate * sizes.output * perToken));
    if (Math.abs(next - batch) < 1e-3 * batch) break;
    batch = (batch + next) / 2;
  }
  const alone = prefillTime(replica, sizes, batch);
  const service =
    Math.max(1e-9, alone - decodeTime(replica, batch, context)) + replica.coefficients.request;
  const promptLoad = Math.min(0.98, rate * service);
  const promptWait = (promptLoad * service) / (2 * (1 - promptLoad));
  const variability = (burstiness ** 2 + sizes.spread ** 2) / 2;
  const used = Math.min(0.995, load);
  const wait =
    (variability * used ** (Math.sqrt(2 * (places + 1)) - 1) * sizes.output * perToken) /
    (places * (1 - used));
  return {
    capacity,
    load,
    batch,
    timePerToken: perToken,
    timeToFirst: alone + promptWait + wait + perToken / 2 + replica.coefficients.request,
    wait,
  };
}

/** As `openQueue`, of a fixed number of requests in flight. */
export function closedQueue(
  replica: Replica,
  sizes: RequestSizes,
  concurrency: number,
): QueueEstimate {
  const steady = closedLoop(replica, sizes, concurrency);
  const capacity = saturated(replica, sizes).requestsPerSecond;
  return {
    capacity,
    load: Math.min(1, steady.requestsPerSecond / capacity),
    batch: steady.batch,
    timePerToken: steady.timePerToken,
    timeToFirst: steady.timeToFirst,
    wait: Math.max(0, concurrency - steady.batch) / steady.requestsPerSecond,
  };
}
