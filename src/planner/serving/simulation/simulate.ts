import { cacheRoom } from "../law/capacity.ts";
import { sequenceBytes } from "../law/kv-cache.ts";
import { passTime } from "../law/pass-time.ts";
import type { Replica } from "../queue/steady-state.ts";
import { FinishQueue } from "./finish-queue.ts";
import type { SimulatedRequest } from "./requests.ts";
import {
  spreadOf,
  tokensPerStep,
  type SimulationOptions,
  type SimulationResult,
} from "./result.ts";

/** Cache is kept in pages of so many tokens (vLLM's default); half a page is empty on average. */
const pageTokens = 16;
/** Share of the first requests that percentiles leave out: the system fills. */
const warmUp = 0.1;

/**
 * One replica serving requests with continuous batching: first come first served, prompts in chunks that share
 * passes with decoding, paged cache, preemption of the last that started with recomputation (vLLM's scheduler).
 * Passes that only decode are jumped over up to the next event, so the cost is per event, not per token.
 */
export function simulate(
  replica: Replica,
  requests: readonly SimulatedRequest[],
  options: SimulationOptions = {},
): SimulationResult {
  const run = new ReplicaRun(replica, requests, options);
  run.toEnd();
  return run.result();
}

class ReplicaRun {
  readonly #replica: Replica;
  readonly #requests: readonly SimulatedRequest[];
  readonly #options: SimulationOptions;
  readonly #yield: number;
  readonly #room: number;
  readonly #finishes = new FinishQueue();
  /** Ids in order of their start, for preemption; may hold ids that have left. */
  readonly #started: number[] = [];
  readonly #first: Float64Array;
  readonly #end: Float64Array;
  readonly #submitted: Float64Array;
  /** Step at which a running sequence finishes, 0 when it does not run; to know stale heap entries. */
  readonly #finishStep: Float64Array;
  /** Tokens still to compute of a waiting prompt, tokens in the cache, and tokens still to give. */
  readonly #left: Float64Array;
  readonly #held: Float64Array;
  readonly #toGive: Float64Array;
  /** Preempted ids, which go first, then arrivals in order. */
  readonly #again: number[] = [];
  #waiting = 0;
  #arrived = 0;
  #now = 0;
  #step = 0;
  #batch = 0;
  #tokens = 0;
  #done = 0;
  #passes = 0;
  #preemptions = 0;
  #batchSum = 0;
  #batchPasses = 0;

  constructor(replica: Replica, requests: readonly SimulatedRequest[], options: SimulationOptions) {
    this.#replica = replica;
    this.#requests = requests;
    this.#options = options;
    this.#yield = options.speculation === undefined ? 1 : tokensPerStep(options.speculation);
    this.#room = Math.max(0, cacheRoom(replica.pass)) * replica.pass.setup.attentionData;
    const arrays = Array.from({ length: 7 }, () => new Float64Array(requests.length));
    const [first, end, submitted, finish, left, held, give] = arrays;
    const empty = new Float64Array(0);
    this.#first = first ?? empty;
    this.#end = end ?? empty;
    this.#submitted = submitted ?? empty;
    this.#finishStep = finish ?? empty;
    this.#left = left ?? empty;
    this.#held = held ?? empty;
    this.#toGive = give ?? empty;
    requests.forEach(({ fresh, reused, output }, id) => {
      this.#left[id] = options.prefilled === true ? 0 : fresh;
      this.#held[id] = reused + (options.prefilled === true ? fresh : 0);
      this.#toGive[id] = output;
    });
  }

  toEnd(): void {
    while (this.#done < this.#requests.length) {
      this.#admitArrivals();
      const chunk = this.#fillPass();
      if (chunk.tokens > 0 || chunk.starting.length > 0) this.#mixedPass(chunk);
      else if (this.#batch > 0) this.#jump();
      else this.#now = Math.max(this.#now, this.#requests[this.#arrived]?.arrival ?? this.#now);
      this.#finishDue();
      this.#preemptOverflow();
    }
  }

  #admitArrivals(): void {
    const { concurrency } = this.#options;
    const limit =
      concurrency === undefined
        ? this.#requests.length
        : Math.min(this.#requests.length, this.#done + concurrency);
    while (this.#arrived < limit) {
      const arrival =
        concurrency === undefined ? (this.#requests[this.#arrived]?.arrival ?? 0) : this.#now;
      if (arrival > this.#now) break;
      this.#submitted[this.#arrived] = arrival;
      this.#arrived++;
    }
  }

  /** Chooses prompts, or parts of them, for the next pass. */
  #fillPass(): { tokens: number; keys: number; starting: number[] } {
    const { setup } = this.#replica.pass;
    const drafted = 1 + (this.#options.speculation?.drafted ?? 0);
    let budget = setup.passTokens * setup.attentionData - this.#batch * drafted;
    let slots = setup.maxSequences * setup.attentionData - this.#batch;
    let extra = 0;
    const chunk = { tokens: 0, keys: 0, starting: [] as number[] };
    for (;;) {
      const again = this.#again.length > 0;
      const id = again ? this.#again[0] : this.#waiting < this.#arrived ? this.#waiting : undefined;
      if (id === undefined || slots <= 0) break;
      const left = this.#left[id] ?? 0;
      const held = this.#held[id] ?? 0;
      if (left > 0 && budget <= 0) break;
      const lonely = this.#batch === 0 && chunk.starting.length === 0;
      if (
        !lonely &&
        this.#bytes(this.#batch + chunk.starting.length + 1, this.#tokens + extra + held + left) >
          this.#room
      )
        break;
      const part = Math.max(0, Math.min(left, budget));
      chunk.keys += part * (held + part / 2);
      chunk.tokens += part;
      budget -= part;
      this.#left[id] = left - part;
      this.#held[id] = held + part;
      if (part < left) break;
      extra += held + part;
      slots--;
      chunk.starting.push(id);
      if (again) this.#again.shift();
      else this.#waiting++;
    }
    if (chunk.tokens > 0) chunk.keys /= chunk.tokens;
    return chunk;
  }

  /** Bytes of the cache that `count` sequences with `tokens` tokens among them take on one rank of each replica. */
  #bytes(count: number, tokens: number): number {
    if (count === 0) return 0;
    return count * sequenceBytes(this.#replica.pass.cache, tokens / count + pageTokens / 2);
  }

  /** Seconds of one pass of `prefill` prompt tokens beside the batch. */
  #seconds(context: number, prefill: number, keys: number): number {
    const { pass, coefficients, work } = this.#replica;
    const { speculation } = this.#options;
    const drafted = 1 + (speculation?.drafted ?? 0);
    const load = { decode: this.#batch, context, prefill, keys, drafted };
    const { total } = passTime(pass, load, coefficients, work);
    return total * (1 + (speculation?.cost ?? 0) * (speculation?.drafted ?? 0));
  }

  #mixedPass({
    tokens,
    keys,
    starting,
  }: {
    tokens: number;
    keys: number;
    starting: number[];
  }): void {
    const context = this.#batch === 0 ? 0 : this.#tokens / this.#batch;
    const host = this.#replica.coefficients.request * this.#replica.work * starting.length;
    const transferred = tokens === 0 && this.#batch === 0;
    this.#now += (transferred ? 0 : this.#seconds(context, tokens, keys)) + host;
    if (!transferred) this.#advance(1);
    for (const id of starting) {
      if (this.#first[id] === 0) {
        this.#first[id] = this.#now;
        // The prompt's pass gives the first token.
        this.#toGive[id] = (this.#toGive[id] ?? 1) - 1;
      }
      const steps = Math.ceil((this.#toGive[id] ?? 0) / this.#yield);
      this.#finishStep[id] = this.#step + steps;
      this.#finishes.push(this.#step + steps, id);
      this.#started.push(id);
      this.#batch++;
      this.#tokens += this.#held[id] ?? 0;
    }
  }

  /** Decode passes up to the next finish, arrival or full cache, all at the context of their middle. */
  #jump(): void {
    const steps = Math.max(1, this.#finishes.next - this.#step);
    const growth = this.#yield * this.#batch;
    const middle = this.#tokens / this.#batch + (steps * this.#yield) / 2;
    const seconds = this.#seconds(middle, 0, 0);
    const next =
      this.#options.concurrency === undefined
        ? (this.#requests[this.#arrived]?.arrival ?? Number.POSITIVE_INFINITY)
        : Number.POSITIVE_INFINITY;
    const untilArrival = Math.max(1, Math.ceil((next - this.#now) / seconds));
    const perToken =
      this.#bytes(this.#batch, this.#tokens + growth) - this.#bytes(this.#batch, this.#tokens);
    const spare = this.#room - this.#bytes(this.#batch, this.#tokens);
    const untilFull = perToken > 0 ? Math.max(1, Math.ceil(spare / perToken)) : steps;
    const taken = Math.min(steps, untilArrival, untilFull);
    this.#now += taken * seconds;
    this.#advance(taken);
  }

  #advance(steps: number): void {
    this.#step += steps;
    this.#passes += steps;
    this.#tokens += steps * this.#yield * this.#batch;
    if (this.#batch > 0) {
      this.#batchSum += steps * this.#batch;
      this.#batchPasses += steps;
    }
  }

  #finishDue(): void {
    while (this.#finishes.next <= this.#step) {
      const step = this.#finishes.next;
      const id = this.#finishes.pop();
      if (this.#finishStep[id] !== step) continue;
      this.#leave(id);
      this.#end[id] = this.#now;
      this.#done++;
    }
  }

  #leave(id: number): void {
    this.#finishStep[id] = -1;
    this.#batch--;
    const given = this.#rounded(id);
    this.#tokens = this.#batch === 0 ? 0 : this.#tokens - (this.#held[id] ?? 0) - given;
  }

  /** Tokens that a running request's steps yield, the last step's surplus with them. */
  #rounded(id: number): number {
    return Math.ceil((this.#toGive[id] ?? 0) / this.#yield) * this.#yield;
  }

  /** The cache is full: the last that started gives its place up and computes its tokens again later. */
  #preemptOverflow(): void {
    while (this.#batch > 1 && this.#bytes(this.#batch, this.#tokens) > this.#room) {
      const id = this.#started.pop();
      if (id === undefined) return;
      const finish = this.#finishStep[id] ?? -1;
      if (finish <= this.#step) continue;
      const remaining = (finish - this.#step) * this.#yield;
      const given = Math.max(0, this.#rounded(id) - remaining);
      this.#tokens -= (this.#held[id] ?? 0) + given;
      this.#batch--;
      this.#finishStep[id] = -1;
      this.#left[id] = (this.#held[id] ?? 0) + given;
      this.#held[id] = 0;
      this.#toGive[id] = remaining;
      this.#again.unshift(id);
      this.#preemptions++;
    }
  }

  result(): SimulationResult {
    const skipped = Math.floor(this.#requests.length * warmUp);
    const ids = this.#requests.map((_, id) => id).slice(skipped);
    const at = (values: Float64Array, id: number): number => values[id] ?? 0;
    const output = this.#requests.reduce((sum, request) => sum + request.output, 0);
    const seconds = this.#now;
    return {
      requests: this.#requests.length,
      seconds,
      timeToFirst: spreadOf(ids.map((id) => at(this.#first, id) - at(this.#submitted, id))),
      timePerToken: spreadOf(
        ids.flatMap((id) => {
          const tokens = (this.#requests[id]?.output ?? 1) - 1;
          return tokens < 1 ? [] : [(at(this.#end, id) - at(this.#first, id)) / tokens];
        }),
      ),
      latency: spreadOf(ids.map((id) => at(this.#end, id) - at(this.#submitted, id))),
      requestsPerSecond: this.#requests.length / seconds,
      outputTokensPerSecond: output / seconds,
      meanBatch: this.#batchPasses === 0 ? 0 : this.#batchSum / this.#batchPasses,
      preemptions: this.#preemptions,
      passes: this.#passes,
    };
  }
}
