import type { ServingCoefficients } from "../law/coefficients.ts";
import { sequencesAtOnce } from "../law/capacity.ts";
import { passTime } from "../law/pass-time.ts";
import type { PassWork } from "../law/pass-work.ts";

/** Mean sizes of a stream of requests. */
export interface RequestSizes {
  readonly input: number;
  readonly output: number;
  /** Share of input tokens that are in the cache already. */
  readonly reused: number;
  /** Coefficient of variation of the output length. */
  readonly spread: number;
}

/** A replica's laws with the numbers they take. */
export interface Replica {
  readonly pass: PassWork;
  readonly coefficients: ServingCoefficients;
  readonly work: number;
}

/** Seconds, per request and per token, and requests per second of one replica. */
export interface SteadyState {
  /** Sequences that decode at once. */
  readonly batch: number;
  /** One pass of decoding alone, and one with the share of prompts that keeps the batch full. */
  readonly decodeStep: number;
  readonly step: number;
  readonly requestsPerSecond: number;
  readonly timePerToken: number;
  readonly timeToFirst: number;
}

/** Cached tokens of a request in the middle of its answer. */
function middle({ input, output }: RequestSizes): number {
  return input + output / 2;
}

/** Seconds to prefill one request alone beside `decode` running ones, in passes of at most the pass's tokens. */
export function prefillTime(replica: Replica, sizes: RequestSizes, decode = 0): number {
  const { pass, coefficients, work } = replica;
  const fresh = Math.max(1, sizes.input * (1 - sizes.reused));
  const passes = Math.ceil(fresh / pass.setup.passTokens);
  const keys = sizes.input * sizes.reused + fresh / 2;
  const load = { decode, context: middle(sizes), prefill: fresh / passes, keys };
  return passes * passTime(pass, load, coefficients, work).total;
}

/** Seconds of one pass in which `decode` sequences decode. */
export function decodeTime(replica: Replica, decode: number, context: number): number {
  const { pass, coefficients, work } = replica;
  return passTime(pass, { decode, context, prefill: 0, keys: 0 }, coefficients, work).total;
}

/**
 * A closed loop of `concurrency` requests: each decodes beside the others, whose prompts lengthen its passes. One
 * request's life is output x decode step + mixing x (others' prefills), by work conservation.
 */
export function closedLoop(
  replica: Replica,
  sizes: RequestSizes,
  concurrency: number,
): SteadyState {
  const { coefficients } = replica;
  const batch = Math.max(1, Math.min(concurrency, sequencesAtOnce(replica.pass, middle(sizes))));
  const decodeStep = decodeTime(replica, batch, middle(sizes));
  const alone = prefillTime(replica, sizes);
  const extra = Math.max(
    0,
    prefillTime(replica, sizes, batch - 1) - decodeTime(replica, batch - 1, middle(sizes)),
  );
  const timePerToken =
    decodeStep + (coefficients.mixing * (batch - 1) * extra) / Math.max(1, sizes.output);
  const life = sizes.output * timePerToken + alone + coefficients.request * replica.work;
  const requestsPerSecond = batch / life;
  const waiting = Math.max(0, concurrency - batch) / requestsPerSecond;
  return {
    batch,
    decodeStep,
    step: timePerToken,
    requestsPerSecond,
    timePerToken,
    timeToFirst:
      waiting +
      alone +
      decodeStep / 2 +
      coefficients.request +
      (coefficients.waves * (batch - 1) * extra) / 2,
  };
}

/**
 * Saturation with mixed passes: a batch that decodes needs batch x input / output prompt tokens per pass to stay full;
 * what a pass holds bounds both.
 */
export function saturated(replica: Replica, sizes: RequestSizes): SteadyState {
  const { pass, coefficients, work } = replica;
  const { setup } = pass;
  const fresh = sizes.input * (1 - sizes.reused);
  const perToken = fresh / sizes.output;
  const room = (setup.passTokens * setup.attentionData) / (1 + perToken);
  const batch = Math.max(1, Math.min(sequencesAtOnce(pass, middle(sizes)), room));
  const load = {
    decode: batch,
    context: middle(sizes),
    prefill: batch * perToken,
    keys: sizes.input - fresh / 2,
  };
  const step = passTime(pass, load, coefficients, work).total;
  const host = (coefficients.request * work * batch) / sizes.output;
  const timePerToken = step + host;
  return {
    batch,
    decodeStep: decodeTime(replica, batch, middle(sizes)),
    step,
    requestsPerSecond: batch / (sizes.output * timePerToken),
    timePerToken,
    timeToFirst: prefillTime(replica, sizes, batch),
  };
}

const drainParts = 8;

/**
 * Seconds until `requests` requests that all arrive at once are answered: filling the batch, a steady state while the
 * queue lasts, then a drain in which the batch shrinks (evenly with equal lengths; by survival of an exponential where
 * lengths spread, to the longest of the batch).
 */
export function burstTime(replica: Replica, sizes: RequestSizes, requests: number): number {
  const { pass, coefficients, work } = replica;
  const steady = saturated(replica, sizes);
  const batch = Math.min(steady.batch, requests);
  const fresh = sizes.input * (1 - sizes.reused);
  const perPass = Math.max(1, pass.setup.passTokens * pass.setup.attentionData - batch / 2);
  const fills = (batch * fresh) / perPass;
  const load = {
    decode: batch / 2,
    context: sizes.input,
    prefill: Math.min(perPass, batch * fresh),
    keys: sizes.input / 2,
  };
  const filling = Math.max(1, fills) * passTime(pass, load, coefficients, work).total;
  const running = Math.max(0, requests - batch) / steady.requestsPerSecond;
  const host = coefficients.request * work * batch;
  const spread = Math.min(1, sizes.spread);
  const longest =
    sizes.output * (1 + spread * (Math.log(Math.max(2, batch)) + 0.577 - 1) * coefficients.scatter);
  let drain = 0;
  for (let part = 0; part < drainParts; part++) {
    const age = ((part + 0.5) / drainParts) * longest;
    const even = 1 - (part + 0.5) / drainParts;
    const surviving = (1 - spread) * even + spread * Math.exp(-age / sizes.output);
    drain +=
      (longest / drainParts) * decodeTime(replica, Math.max(1, batch * surviving), middle(sizes));
  }
  return filling + running + host + drain;
}

/** Seconds of a batch that starts together and ends together: prefill, then every token. */
export function staticBatchTime(replica: Replica, sizes: RequestSizes, batch: number): number {
  const { pass, coefficients, work } = replica;
  const load = { decode: 0, context: 0, prefill: batch * sizes.input, keys: sizes.input / 2 };
  const prefill = passTime(pass, load, coefficients, work).total;
  return prefill + (sizes.output - 1) * decodeTime(replica, batch, middle(sizes));
}
