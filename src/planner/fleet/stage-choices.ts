import type { TrainingPlan } from "../../schema/index.ts";
import { combinations } from "./combinations.ts";
import type { FleetGroup, FleetJob } from "./fleet.ts";
import type { GroupStages } from "./mix-stages.ts";
import { layersOf } from "./stage-cost.ts";

const degrees = [1, 2, 4, 8, 16];
const microBatches = [1, 2, 4];
/** Deeper pipelines lose to their own filling; it also bounds the search. */
const maxStages = 64;

/**
 * Ways in which groups can share a pipeline: as many replicas in each, tensor degrees of their own, all of their
 * chips used. Order is the given one and its reverse: where the logits go, and which end holds more activations.
 */
export function* stageChoices(
  job: FleetJob,
  groups: readonly FleetGroup[],
): Generator<readonly GroupStages[]> {
  const { globalBatch } = job.asked;
  const fewest = Math.min(...groups.map(({ count }) => count));
  for (const order of [groups, [...groups].reverse()]) {
    for (let data = 1; data <= fewest; data *= 2) {
      for (const microBatch of microBatches) {
        if (globalBatch % (data * microBatch) !== 0) continue;
        for (const recompute of ["none", "full"] as const) {
          const plan = { ...job.asked, data, microBatch, recompute, context: 1, interleave: 1 };
          yield* tensorChoices(job, order, { ...plan, schedule: "1f1b", zero: 1 });
        }
      }
    }
  }
}

function* tensorChoices(
  job: FleetJob,
  groups: readonly FleetGroup[],
  plan: TrainingPlan,
): Generator<readonly GroupStages[]> {
  const options = groups.map((group) =>
    degrees
      .filter((tensor) => tensor <= group.fabric.domain && divides(job, tensor))
      .filter((tensor) => group.count % (plan.data * tensor) === 0)
      .map((tensor) => ({ group, tensor, stages: group.count / (plan.data * tensor) })),
  );
  for (const chosen of combinations(options)) {
    const stages = chosen.reduce((sum, choice) => sum + choice.stages, 0);
    if (stages > Math.min(maxStages, layersOf(job.model))) continue;
    yield chosen.map(({ group, tensor, stages: own }) => ({
      group,
      stages: own,
      plan: { ...plan, tensor, pipeline: stages, expert: expertsOver(job, plan.data * tensor) },
    }));
  }
}

function divides({ model }: FleetJob, tensor: number): boolean {
  return model.groups.every(
    ({ attention }) =>
      (attention.kind !== "grouped" && attention.kind !== "latent") ||
      attention.heads % tensor === 0,
  );
}

/** Experts over as many ranks of a stage as there are, at most one each. */
function expertsOver({ model }: FleetJob, ranks: number): number {
  const experts = Math.max(
    1,
    ...model.groups.map(({ feedForward }) =>
      feedForward.kind === "experts" ? feedForward.experts : 1,
    ),
  );
  let degree = 1;
  while (degree * 2 <= experts && ranks % (degree * 2) === 0) degree *= 2;
  return degree;
}
