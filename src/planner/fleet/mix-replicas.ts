import { resolveCoefficients } from "../efficiency/coefficients.ts";
import type { StepEstimate } from "../training/estimate-step.ts";
import type { TrainingPlan } from "../../schema/index.ts";
import { gradientCrossing } from "./crossing.ts";
import type { FleetGroup, FleetJob, FleetMember, FleetPlan } from "./fleet.ts";
import { planGroup, priceOf, stepOf } from "./run-alone.ts";
import { shareBatch, type RoundCost } from "./share-batch.ts";

interface Candidate {
  readonly group: FleetGroup;
  readonly count: number;
  readonly plan: TrainingPlan;
  readonly cost: RoundCost;
}

/**
 * Whole replicas in every group, with as many sequences for each as let all groups end together; gradients then cross
 * the joint. `speeds` are the tokens per second of each group alone. Undefined when no such split exists.
 */
export function mixReplicas(
  job: FleetJob,
  groups: readonly FleetGroup[],
  speeds: readonly number[],
): FleetPlan | undefined {
  const total = speeds.reduce((sum, speed) => sum + speed, 0);
  const candidates: Candidate[] = [];
  for (const [index, group] of groups.entries()) {
    const share = (job.asked.globalBatch * (speeds[index] ?? 0)) / total;
    const candidate = planShare(job, group, share);
    if (candidate === undefined) return undefined;
    candidates.push(candidate);
  }
  const rounds = shareBatch(
    candidates.map(({ cost }) => cost),
    job.asked.globalBatch,
  );
  if (rounds === undefined) return undefined;
  return assemble(job, candidates, rounds);
}

/** A plan for about a share of the batch: the nearest power of two below it, whose rounds are then counted anew. */
function planShare(job: FleetJob, group: FleetGroup, share: number): Candidate | undefined {
  for (let size = 2 ** Math.floor(Math.log2(Math.max(1, share))); size >= 1; size /= 2) {
    const found = planGroup(job, group, size);
    if (found === undefined) continue;
    const sequences = found.plan.data * found.plan.microBatch;
    const at = (rounds: number): number =>
      stepOf(job, group, { ...found.plan, globalBatch: rounds * sequences }).total;
    const one = at(1);
    const perRound = (at(9) - one) / 8;
    return { group, ...found, cost: { start: one - perRound, perRound, sequences } };
  }
  return undefined;
}

function assemble(
  job: FleetJob,
  candidates: readonly Candidate[],
  rounds: readonly number[],
): FleetPlan {
  const done = candidates.map(({ group, count, plan, cost }, index) => {
    const sequences = cost.sequences * (rounds[index] ?? 0);
    const own = { ...plan, globalBatch: sequences };
    const step = stepOf(job, group, own);
    const member: FleetMember = {
      group: group.name,
      count,
      plan: own,
      sequences,
      layers: [],
      busy: step.total,
    };
    return { member, step, group, rounds: rounds[index] ?? 1 };
  });
  const slowest = done.reduce((a, b) => (a.step.total >= b.step.total ? a : b));
  const wire = gradientCrossing(job.model, job.asked, done.length, job.between);
  // Gradients leave during the last backward pass of the group that has the least time for it.
  const window = Math.min(...done.map((one) => workOf(one.step) / one.rounds));
  const crossing = Math.max(...done.map(({ group }) => exposedOf(job, group, wire, window)));
  const seconds = slowest.step.total + crossing;
  const tokensPerSecond = (job.asked.globalBatch * job.asked.sequence) / seconds;
  const rent = done.reduce((sum, { group }) => sum + group.count * group.rent, 0);
  return {
    kind: "data",
    members: done.map(({ member }) => member),
    seconds,
    crossing,
    tokensPerSecond,
    price: priceOf(rent, tokensPerSecond),
    binding:
      crossing > seconds / 3
        ? `gradients over ${job.between.name}`
        : `the work of ${slowest.member.group}`,
  };
}

function workOf(step: StepEstimate): number {
  return step.products + step.attention + step.streaming + step.launch + step.recompute;
}

/** As with gradients inside a group: a fitted share is never hidden, and what exceeds the window cannot be. */
function exposedOf(job: FleetJob, group: FleetGroup, wire: number, window: number): number {
  const { coefficients } = resolveCoefficients(job.table, group.circumstances);
  const shown = Math.min(
    1,
    job.overlapsData ? coefficients.exposeDataOverlapped : coefficients.exposeData,
  );
  return shown * wire + (1 - shown) * Math.max(0, wire - window);
}
