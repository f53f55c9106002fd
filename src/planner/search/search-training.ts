import type { TrainingPlan } from "../../schema/index.ts";
import { resolveCoefficients, type Circumstances } from "../efficiency/coefficients.ts";
import type { Efficiency } from "../efficiency/efficiency-file.ts";
import { checkpointBytesPerParameter, jobCost, type JobCost } from "../money/job-cost.ts";
import type { PriceValues } from "../money/fleet-prices.ts";
import type { Basis } from "../money/hour-price.ts";
import type { TrainingSetup } from "../training/setup.ts";
import { countParameters } from "../work/count-parameters.ts";
import type { Constraints, Objective, Pricing } from "./figures.ts";
import { launchTraining } from "./launch-training.ts";
import { searchPlans, type SearchResult } from "./search-plans.ts";
import { usualSpace, valueOf } from "./space.ts";
import { findRivals, type Rival } from "./why-lost.ts";

/** A training job whose plan is looked for. */
export interface TrainingSearch {
  /** Of its plan the batch, the sequence, the recipe and what is trained are kept. */
  readonly setup: TrainingSetup;
  readonly available: number;
  readonly perNode: number;
  readonly tokens: number;
  readonly circumstances: Circumstances;
  readonly efficiency: Efficiency;
  readonly prices: PriceValues;
  readonly basis: Basis;
  readonly objective: Objective;
  readonly constraints: Constraints;
  readonly precisions: readonly TrainingPlan["precision"][];
  readonly keep: number;
}

export interface SearchAnswer extends SearchResult {
  readonly rivals: readonly Rival[];
  /** The winner's job with failures and checkpoints; absent like the following when nothing was found. */
  readonly job?: JobCost;
  /** A script that starts it. */
  readonly launch?: string;
}

/** The best plans for a job, why others lost, and how to start the winner. */
export function searchTraining(search: TrainingSearch): SearchAnswer {
  const { setup, available, perNode, efficiency, circumstances } = search;
  const { model, plan } = setup;
  const pricing: Pricing = {
    steps: Math.ceil(search.tokens / (plan.globalBatch * plan.sequence)),
    perNode,
    parameters: plan.trains.kind === "lora" ? 0 : countParameters(model).total,
    prices: search.prices,
    basis: search.basis,
  };
  const question = {
    setup,
    available,
    ...resolveCoefficients(efficiency.table, circumstances),
    pricing,
    objective: search.objective,
    constraints: search.constraints,
    space: { ...usualSpace(model, setup.fabric, available, plan), precision: search.precisions },
    keep: search.keep,
  };
  const result = searchPlans(question);
  const [winner] = result.best;
  if (winner === undefined) return { ...result, rivals: [] };
  const accelerators = Number(valueOf(winner.plan, "accelerators"));
  const job = jobCost(
    {
      accelerators,
      nodes: Math.max(1, accelerators / perNode),
      seconds: winner.step.total * pricing.steps,
      checkpointBytes: checkpointBytesPerParameter * pricing.parameters,
    },
    search.prices,
    search.basis,
  );
  const saveInterval = Math.max(1, Math.round(job.interval / winner.step.total));
  const launch = launchTraining(model, winner.plan, {
    perNode,
    steps: pricing.steps,
    saveInterval,
  });
  return { ...result, rivals: findRivals(question, winner), job, launch };
}
