import { resolveCoefficients } from "../efficiency/coefficients.ts";
import type { StepEstimate } from "../training/estimate-step.ts";
import type { TrainingPlan } from "../../schema/index.ts";
import { gradientCrossing } from "./crossing.ts";
import type { FleetGroup, FleetJob, FleetMember, FleetPlan } from "./fleet.ts";
import { planGroup, priceOf, stepOf } from "./run-alone.ts";
import { combinations } from "./combinations.ts";
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
  const options = groups.map((group, index) =>
    plansForShare(job, group, (job.asked.globalBatch * (speeds[index] ?? 0)) / total),
  );
  let best: FleetPlan | undefined;
  for (const candidates of combinations(options)) {
    const rounds = shareBatch(
      candidates.map(({ cost }) => cost),
      job.asked.globalBatch,
    );
    const plan = rounds && assemble(job, candidates, rounds);
    if (plan !== undefined && (best === undefined || plan.seconds < best.seconds)) best = plan;
  }
  return best;
}

/** Fewer replicas leave smaller rounds, which split a batch more evenly: so many halvings are tried. */
const halvings = 3;

/** Plans for about a share of the batch: powers of two below it, whose rounds are then counted anew. */
function plansForShare(job: FleetJob, group: FleetGroup, share: number): Candidate[] {
  const found = new Map<number, Candidate>();
  let size = 2 ** Math.floor(Math.log2(Math.max(1, share)));
  for (; size >= 1 && found.size < halvings; size /= 2) {
    const planned = planGroup(job, group, size);
    if (planned === undefined) continue;
    const sequences = planned.plan.data * planned.plan.microBatch;
    if (found.has(sequences)) continue;
    const at = (rounds: number): number =>
      stepOf(job, group, { ...planned.plan, globalBatch: rounds * sequences }).total;
    const one = at(1);
    const perRound = (at(9) - one) / 8;
    found.set(sequences, {
      group,
      ...planned,
      cost: { start: one - perRound, perRound, sequences },
    });
  }
  return [...found.values()];
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
