import { checkpointBytesPerParameter, jobCost } from "../money/job-cost.ts";
import { metredWatts } from "../money/electric-power.ts";
import type { PriceValues } from "../money/fleet-prices.ts";
import type { Basis } from "../money/hour-price.ts";

/** What a plan is judged by. */
export interface Figures {
  /** Expected wall time of the job with failures and checkpoints. */
  readonly seconds: number;
  readonly usd: number;
  /** At the meter, cooling included. */
  readonly kilowattHours: number;
  readonly watts: number;
}

/** Everything that turns the seconds of a step into figures. */
export interface Pricing {
  readonly steps: number;
  readonly perNode: number;
  /** Trained parameters, which checkpoints hold. */
  readonly parameters: number;
  readonly prices: PriceValues;
  readonly basis: Basis;
}

export type Objective = "time" | "cost" | "energy";

/** Upper bounds; absent ones do not bind. */
export interface Constraints {
  readonly usd?: number | undefined;
  readonly seconds?: number | undefined;
  readonly kilowattHours?: number | undefined;
  readonly watts?: number | undefined;
  /** Bytes of the fullest rank. */
  readonly memory?: number | undefined;
  /** Of a service: seconds to the first token, and per token after it. */
  readonly timeToFirst?: number | undefined;
  readonly timePerToken?: number | undefined;
}

/** Figures of a job whose step takes `stepSeconds` on so many accelerators; none falls when a step takes longer. */
export function figuresOf(stepSeconds: number, accelerators: number, pricing: Pricing): Figures {
  const { prices, basis } = pricing;
  const { seconds, usd, kilowattHours } = jobCost(
    {
      accelerators,
      nodes: Math.max(1, accelerators / pricing.perNode),
      seconds: stepSeconds * pricing.steps,
      checkpointBytes: checkpointBytesPerParameter * pricing.parameters,
    },
    prices,
    basis,
  );
  const watts = accelerators * metredWatts(prices, prices.powerShare);
  return { seconds, usd, kilowattHours, watts };
}

/** The figure that an objective makes small. */
export function scoreOf(figures: Figures, objective: Objective): number {
  switch (objective) {
    case "time":
      return figures.seconds;
    case "cost":
      return figures.usd;
    case "energy":
      return figures.kilowattHours;
  }
}

export type Bound = keyof Constraints;

/** The first bound that figures break; memory is judged apart. */
export function brokenBound(figures: Figures, constraints: Constraints): Bound | undefined {
  const order = ["watts", "seconds", "usd", "kilowattHours"] as const;
  return order.find((name) => figures[name] > (constraints[name] ?? Number.POSITIVE_INFINITY));
}
