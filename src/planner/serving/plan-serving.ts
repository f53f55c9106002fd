import type { Feasibility, Term, Traffic } from "../../schema/index.ts";
import { intervalOf } from "../efficiency/conformal.ts";
import type { ServingEfficiency } from "./efficiency.ts";
import { explainServing } from "./explain-serving.ts";
import { cacheRoom, sequencesAtOnce, weightsFit } from "./law/capacity.ts";
import { resolveServing, type ServingCircumstances } from "./law/coefficients.ts";
import { sequenceBytes } from "./law/kv-cache.ts";
import { passWork } from "./law/pass-work.ts";
import { replicaChips, type ServingSetup } from "./law/setup.ts";
import { closedQueue, openQueue, type QueueEstimate } from "./queue/open-queue.ts";
import type { Replica, RequestSizes } from "./queue/steady-state.ts";
import { drawRequests } from "./simulation/requests.ts";
import type { SimulationResult, Speculation } from "./simulation/result.ts";
import { simulate } from "./simulation/simulate.ts";
import { simulateApart } from "./simulation/simulate-apart.ts";
import { meets, type Bound } from "./slo.ts";

/** A service on one group of accelerators. */
export interface ServingJob {
  readonly setup: ServingSetup;
  readonly available: number;
  readonly traffic: Traffic;
  readonly bounds: readonly Bound[];
  readonly circumstances: ServingCircumstances;
  readonly efficiency: ServingEfficiency;
  readonly speculation?: Speculation | undefined;
  /** Replicas that only compute prompts for one that only decodes; 0 keeps both together. */
  readonly prefillReplicas: number;
  readonly requests: number;
  readonly seed: number;
}

/** What a service does under its traffic. */
export interface ServingAnswer {
  readonly feasibility: Feasibility;
  /** Replicas that the traffic needs within the bounds, and the accelerators of one. */
  readonly replicas: number;
  readonly chipsPerReplica: number;
  /** Share of the traffic that one replica takes: requests per second, or requests in flight. */
  readonly perReplica: number;
  readonly estimate: QueueEstimate;
  readonly simulation: SimulationResult;
  readonly meets: readonly {
    readonly bound: Bound;
    readonly value: number;
    readonly met: boolean;
  }[];
  readonly cache: {
    readonly room: number;
    readonly perSequence: number;
    readonly sequences: number;
    readonly weights: number;
  };
  readonly outputTokensPerSecond: number;
  readonly term: Term;
}

const maxReplicas = 100_000;

export function sizesOf({ input, output, reusedPrefix }: Traffic): RequestSizes {
  return { input: input.mean, output: output.mean, reused: reusedPrefix, spread: output.spread };
}

/** A setup with its work and fitted numbers. */
export function replicaOf({
  setup,
  circumstances,
  efficiency,
}: Pick<ServingJob, "setup" | "circumstances" | "efficiency">): Replica {
  return { pass: passWork(setup), ...resolveServing(efficiency.table, circumstances) };
}

/** Finds the fewest replicas that keep the bounds by simulation, and what they do. */
export function planServing(job: ServingJob): ServingAnswer {
  const { setup, traffic, available } = job;
  const replica = replicaOf(job);
  const sizes = sizesOf(traffic);
  const asked = traffic.rate ?? traffic.concurrency ?? 1;
  const chips = replicaChips(setup) * (1 + job.prefillReplicas);
  const { replicas, simulation } = weightsFit(replica.pass)
    ? fewestReplicas(job, replica, asked, Math.max(1, Math.floor(available / chips)))
    : { replicas: 1, simulation: simulateShare(job, replica, asked, 50) };
  const perReplica = asked / replicas;
  const estimate =
    traffic.rate === undefined
      ? closedQueue(replica, sizes, perReplica)
      : openQueue(replica, sizes, perReplica, traffic.burstiness);
  const met = job.bounds.map((bound) => ({ bound, ...meets(bound, simulation) }));
  const interval = intervalOf(job.efficiency.intervals, "decode");
  const context = sizes.input + sizes.output / 2;
  return {
    feasibility: feasibilityOf(
      job,
      replica,
      replicas,
      chips,
      met.every(({ met: kept }) => kept),
    ),
    replicas,
    chipsPerReplica: chips,
    perReplica,
    estimate,
    simulation,
    meets: met,
    cache: {
      room: cacheRoom(replica.pass),
      perSequence: sequenceBytes(replica.pass.cache, context),
      sequences: Math.floor(sequencesAtOnce(replica.pass, context)),
      weights: replica.pass.weightBytes,
    },
    outputTokensPerSecond: simulation.outputTokensPerSecond * replicas,
    term: explainServing({
      replica,
      sizes,
      estimate,
      efficiency: job.efficiency,
      circumstances: job.circumstances,
      interval,
    }),
  };
}

/** One replica under the whole traffic of a job, without a plan around it. */
export function simulateTraffic(job: ServingJob, requests: number): SimulationResult {
  const asked = job.traffic.rate ?? job.traffic.concurrency ?? 1;
  return simulateShare(job, replicaOf(job), asked, requests);
}

/** Doubling, then bisection: more replicas never hold a bound worse. */
function fewestReplicas(
  job: ServingJob,
  replica: Replica,
  asked: number,
  available: number,
): { readonly replicas: number; readonly simulation: SimulationResult } {
  const { traffic } = job;
  const capacity = openQueue(replica, sizesOf(traffic), 1).capacity;
  const least = traffic.rate === undefined ? 1 : Math.max(1, Math.ceil(asked / capacity));
  const tried = new Map<number, SimulationResult>();
  const keeps = (replicas: number): boolean => {
    const result = simulateShare(job, replica, asked / replicas, job.requests);
    tried.set(replicas, result);
    return job.bounds.every((bound) => meets(bound, result).met);
  };
  let low = Math.min(least, maxReplicas);
  if (traffic.rate === undefined && job.bounds.length === 0) low = available;
  let high = low;
  while (!keeps(high) && high < maxReplicas && high < 64 * low) {
    low = high + 1;
    high = Math.min(maxReplicas, high * 2);
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (keeps(middle)) high = middle;
    else low = middle + 1;
  }
  // Where no number keeps the bounds, what carries the traffic is the honest size to show.
  const replicas = keeps(high) ? high : least;
  const simulation =
    tried.get(replicas) ?? simulateShare(job, replica, asked / replicas, job.requests);
  return { replicas, simulation };
}

/** One replica under its share of the traffic. */
function simulateShare(
  job: ServingJob,
  replica: Replica,
  share: number,
  count: number,
): SimulationResult {
  const { traffic, speculation, seed } = job;
  const rate = traffic.rate === undefined ? Number.POSITIVE_INFINITY : share;
  const requests = drawRequests(traffic, rate, count, seed);
  if (job.prefillReplicas > 0) {
    const { up, out, domain } = job.setup.fabric;
    const wire = replicaChips(job.setup) * 2 > domain ? out : up;
    const bandwidth = wire.bandwidth * wire.efficiency;
    const apart = {
      prefill: replica,
      prefillReplicas: job.prefillReplicas,
      decode: replica,
      bandwidth,
    };
    return simulateApart(apart, requests, { speculation });
  }
  const concurrency = traffic.rate === undefined ? Math.max(1, Math.round(share)) : undefined;
  return simulate(replica, requests, { concurrency, speculation });
}

function feasibilityOf(
  { setup, available, bounds, traffic }: ServingJob,
  { pass }: Replica,
  replicas: number,
  chips: number,
  kept: boolean,
): Feasibility {
  const reasons = [];
  const giga = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const longest = sequenceBytes(pass.cache, traffic.input.mean + traffic.output.mean);
  if (!weightsFit(pass)) {
    reasons.push({
      about: "memory",
      message: `weights take ${giga(pass.weightBytes)} of ${giga(setup.chip.memory)} on each accelerator, ${giga(pass.weightBytes - setup.chip.memory)} too much`,
      hint: `Cut them over more accelerators (--tensor ${setup.tensor * 2}) or use a smaller format (--weights int4).`,
    });
  } else if (longest > cacheRoom(pass)) {
    reasons.push({
      about: "memory",
      message: `one request's cache takes ${giga(longest)}, there are ${giga(cacheRoom(pass))}`,
      hint: "Cut the model over more accelerators (--tensor), or keep the cache in 8 bits (--cache fp8).",
    });
  }
  if (!kept && bounds.length > 0) {
    reasons.push({
      about: "latency",
      message: `no number of replicas keeps ${bounds.map(({ text }) => text).join(", ")}: one request alone is already slower`,
      hint: "Cut the model over more accelerators (--tensor), use a smaller format (--weights), or loosen the bound.",
    });
  }
  if (replicas * chips > available) {
    reasons.push({
      about: "accelerators",
      message: `the traffic needs ${replicas} replicas of ${chips} accelerators, ${replicas * chips} in all; there are ${available}`,
      hint: "Use more accelerators, a smaller format (--weights), or loosen the bound.",
    });
  }
  return reasons.length === 0 ? { kind: "feasible" } : { kind: "infeasible", reasons };
}
