import { microBatchesOf } from "../training/setup.ts";
import type { TrainingPlan } from "../../schema/index.ts";
import { activationCrossing } from "./crossing.ts";
import type { FleetGroup, FleetJob, FleetMember, FleetPlan } from "./fleet.ts";
import { priceOf } from "./run-alone.ts";
import { shareLayers, type StageCost } from "./share-layers.ts";
import { costOfStage, layersOf, logitsOfStage, mostLayers, stepOfStage } from "./stage-cost.ts";

/** One group's stages of a shared pipeline. */
export interface GroupStages {
  readonly group: FleetGroup;
  /** With `pipeline` the stages of the whole pipeline, and `data` its replicas. */
  readonly plan: TrainingPlan;
  readonly stages: number;
}

/**
 * Every replica's pipeline runs through all groups, with as many layers on each stage as let all stages be equally
 * quick. A micro-batch crosses each joint twice; the joint is a stage of its own: one step takes the time of all
 * stages once (fill and drain) and that of the slowest, stage or joint, for every further micro-batch.
 */
export function mixStages(job: FleetJob, parts: readonly GroupStages[]): FleetPlan | undefined {
  const costs = parts.flatMap((part, index) => costsOf(job, part, index, parts.length));
  const layers = shareLayers(costs, layersOf(job.model));
  const [first] = parts;
  if (layers === undefined || first === undefined) return undefined;
  const times = costs.map(({ fixed, perLayer }, index) => fixed + (layers[index] ?? 0) * perLayer);
  const microBatches = microBatchesOf(first.plan);
  const joint = activationCrossing(job.model, first.plan, job.between);
  const slowest = Math.max(...times);
  const fill = times.reduce((sum, time) => sum + time, 0) + 2 * joint * (parts.length - 1);
  const steady = (microBatches - 1) * Math.max(slowest, joint);
  const ends = endsOf(job, parts, layers);
  const seconds = (fill + steady + ends.seconds) * (1 + ends.straggle);
  const sequences = job.asked.globalBatch;
  const tokensPerSecond = (sequences * job.asked.sequence) / seconds;
  const rent = parts.reduce((sum, { group }) => sum + group.count * group.rent, 0);
  const members = membersOf(parts, layers, times, microBatches, sequences);
  const busiest = members.reduce((a, b) => (a.busy >= b.busy ? a : b));
  return {
    kind: "pipeline",
    members,
    seconds,
    crossing: 2 * joint * (parts.length - 1) + (microBatches - 1) * Math.max(0, joint - slowest),
    tokensPerSecond,
    price: priceOf(rent, tokensPerSecond),
    binding:
      joint > slowest ? `activations over ${job.between.name}` : `the stages of ${busiest.group}`,
  };
}

function costsOf(job: FleetJob, part: GroupStages, index: number, parts: number): StageCost[] {
  const { group, plan, stages } = part;
  const { perLayer, sends } = costOfStage(job, group, plan);
  return Array.from({ length: stages }, (_, stage) => {
    const isFirst = index === 0 && stage === 0;
    const isLast = index === parts - 1 && stage === stages - 1;
    const most = mostLayers(job, group, plan, isLast ? "last" : isFirst ? "first" : "middle");
    return { perLayer, fixed: sends + (isLast ? logitsOfStage(job, group, plan) : 0), most };
  });
}

/** What follows the passes: gradients inside each group, the optimizer, the fixed part; the slowest group's. */
function endsOf(
  job: FleetJob,
  parts: readonly GroupStages[],
  layers: readonly number[],
): { readonly seconds: number; readonly straggle: number } {
  let at = 0;
  const ends = parts.map(({ group, plan, stages }) => {
    const own = layers.slice(at, at + stages);
    at += stages;
    const step = stepOfStage(job, group, plan, Math.max(...own));
    return {
      seconds: step.dataWire + step.optimizer + step.fixed,
      straggle: step.straggle / (step.total - step.straggle),
    };
  });
  return {
    seconds: Math.max(...ends.map(({ seconds }) => seconds)),
    straggle: Math.max(...ends.map(({ straggle }) => straggle)),
  };
}

function membersOf(
  parts: readonly GroupStages[],
  layers: readonly number[],
  times: readonly number[],
  microBatches: number,
  sequences: number,
): FleetMember[] {
  let at = 0;
  return parts.map(({ group, plan, stages }) => {
    const range = [at, at + stages] as const;
    at += stages;
    return {
      group: group.name,
      count: stages * plan.tensor * plan.data,
      plan,
      sequences,
      layers: layers.slice(...range),
      busy: microBatches * Math.max(...times.slice(...range)),
    };
  });
}
