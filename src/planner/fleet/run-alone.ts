import { resolveCoefficients } from "../efficiency/coefficients.ts";
import { choosePlan } from "../training/choose-plan.ts";
import { estimateWith, type StepEstimate } from "../training/estimate-step.ts";
import type { TrainingSetup } from "../training/setup.ts";
import type { TrainingPlan } from "../../schema/index.ts";
import type { FleetGroup, FleetJob, FleetPlan } from "./fleet.ts";

/** The setup of one group under a plan. */
export function setupOf(job: FleetJob, group: FleetGroup, plan: TrainingPlan): TrainingSetup {
  return {
    model: job.model,
    chip: group.chip,
    fabric: group.fabric,
    plan,
    balanced: job.balanced,
    overlapsData: job.overlapsData,
  };
}

/** One step of a group under a plan. */
export function stepOf(job: FleetJob, group: FleetGroup, plan: TrainingPlan): StepEstimate {
  const { coefficients, work } = resolveCoefficients(job.table, group.circumstances);
  return estimateWith(setupOf(job, group, plan), coefficients, work);
}

/**
 * The quickest plan of a group for a number of sequences per step: on all its chips, or on the largest power of two
 * of them where degrees do not divide otherwise. Undefined when nothing fits.
 */
export function planGroup(
  job: FleetJob,
  group: FleetGroup,
  sequences: number,
): { readonly plan: TrainingPlan; readonly count: number } | undefined {
  const even = 2 ** Math.floor(Math.log2(group.count));
  for (const count of new Set([group.count, even])) {
    const setup = setupOf(job, group, { ...job.asked, globalBatch: sequences });
    const best = choosePlan(setup, count, group.circumstances, job.table);
    if (best !== undefined) return { plan: best.plan, count };
  }
  return undefined;
}

/** The whole job on one group. */
export function runAlone(job: FleetJob, group: FleetGroup): FleetPlan | undefined {
  const sequences = job.asked.globalBatch;
  const best = planGroup(job, group, sequences);
  if (best === undefined) return undefined;
  const step = stepOf(job, group, best.plan);
  const tokensPerSecond = (sequences * job.asked.sequence) / step.total;
  return {
    kind: "alone",
    members: [
      {
        group: group.name,
        count: best.count,
        plan: best.plan,
        sequences,
        layers: [],
        busy: step.total,
      },
    ],
    seconds: step.total,
    crossing: 0,
    tokensPerSecond,
    // Chips that no plan can use are paid for all the same.
    price: priceOf(group.count * group.rent, tokensPerSecond),
    binding: `${group.name} alone`,
  };
}

/** USD per million tokens from USD per hour. */
export function priceOf(rentPerHour: number, tokensPerSecond: number): number {
  return (rentPerHour / 3_600 / tokensPerSecond) * 1e6;
}
