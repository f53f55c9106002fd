import { metredWatts } from "./electric-power.ts";
import type { PriceValues } from "./fleet-prices.ts";
import { usdPerHour, type Basis } from "./hour-price.ts";
import {
  checkpointSeconds,
  dalyInterval,
  meanTimeBetween,
  stretch,
  type Interruptions,
} from "./interruptions.ts";

/** A job that runs once and keeps its accelerators busy. */
export interface Job {
  readonly accelerators: number;
  readonly nodes: number;
  /** Seconds of work, without failures and checkpoints. */
  readonly seconds: number;
  readonly checkpointBytes: number;
}

/** What a job takes with failures, checkpoints and money. */
export interface JobCost {
  /** Expected wall time, seconds. */
  readonly seconds: number;
  /** Wall time over work. */
  readonly stretch: number;
  /** Best time between checkpoints, seconds of work. */
  readonly interval: number;
  readonly cuts: Interruptions;
  /** Expected interruptions. */
  readonly interruptions: number;
  readonly usd: number;
  readonly kilowattHours: number;
}

/** Bytes of a checkpoint per trained parameter: 16-bit weight, fp32 weight and Adam's two moments. */
export const checkpointBytesPerParameter = 14;

/** Prices a job: work stretched by failures, times accelerators, times the price of an hour. */
export function jobCost(job: Job, prices: PriceValues, basis: Basis): JobCost {
  const cuts = {
    between: meanTimeBetween(prices.failures, job.accelerators),
    checkpoint: checkpointSeconds(job.checkpointBytes, job.nodes, prices.checkpointBandwidth),
    restart: prices.restart,
  };
  const interval = dalyInterval(cuts);
  const factor = stretch(cuts, interval);
  const seconds = job.seconds * factor;
  const hours = (seconds * job.accelerators) / 3_600;
  return {
    seconds,
    stretch: factor,
    interval,
    cuts,
    interruptions: seconds / cuts.between,
    usd: hours * usdPerHour(prices, basis, true),
    kilowattHours: (hours * metredWatts(prices, prices.powerShare)) / 1_000,
  };
}
