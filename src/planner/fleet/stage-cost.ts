import { resolveCoefficients } from "../efficiency/coefficients.ts";
import { stageMemory } from "../memory/rank-memory.ts";

import { estimateWith, type StepEstimate } from "../training/estimate-step.ts";
import { logitsTime, paceOf } from "../training/layer-time.ts";
import { microBatchesOf } from "../training/setup.ts";
import type { Architecture, TrainingPlan } from "../../schema/index.ts";
import type { FleetGroup, FleetJob } from "./fleet.ts";
import { setupOf } from "./run-alone.ts";

export function layersOf(model: Architecture): number {
  return model.groups.reduce((sum, { count }) => sum + count, 0);
}

/**
 * The model of which a pipeline of equal stages would give each stage `perStage` layers; its mixture of layers stays.
 * So the laws of equal stages answer for one stage of an uneven pipeline.
 */
function modelOfStage(model: Architecture, perStage: number, stages: number): Architecture {
  const factor = (perStage * stages) / layersOf(model);
  const groups = model.groups.map((group) => ({ ...group, count: group.count * factor }));
  return { ...model, groups, predictionLayers: 0 };
}

/** A step of a pipeline all of whose stages are as this group's, with `perStage` layers. */
export function stepOfStage(
  job: FleetJob,
  group: FleetGroup,
  plan: TrainingPlan,
  perStage: number,
): StepEstimate {
  const { coefficients, work } = resolveCoefficients(job.table, group.circumstances);
  const model = modelOfStage(job.model, perStage, plan.pipeline);
  return estimateWith({ ...setupOf(job, group, plan), model }, coefficients, work);
}

/** Seconds per micro-batch of one layer, and of what does not depend on the layers. */
export function costOfStage(
  job: FleetJob,
  group: FleetGroup,
  plan: TrainingPlan,
): { readonly perLayer: number; readonly sends: number } {
  const step = stepOfStage(job, group, plan, 1);
  const microBatches = microBatchesOf(plan);
  const own = step.products + step.attention + step.streaming + step.launch + step.recompute;
  const wires = step.tensorWire + step.expertWire + step.contextWire;
  return { perLayer: (own + wires) / microBatches, sends: step.pipelineWire / microBatches };
}

/** Seconds per micro-batch of the logits and their loss. */
export function logitsOfStage(job: FleetJob, group: FleetGroup, plan: TrainingPlan): number {
  const { coefficients, work } = resolveCoefficients(job.table, group.circumstances);
  const setup = setupOf(job, group, plan);
  const { forward, backward } = logitsTime(setup, paceOf(setup, coefficients));
  const sum = [forward, backward].reduce(
    (total, pass) => total + pass.products + pass.attention + pass.streaming + pass.launch,
    0,
  );
  return sum * work;
}

/** Most layers that a stage of this group can hold, counting as many micro-batches as the first stage has. */
export function mostLayers(
  job: FleetJob,
  group: FleetGroup,
  plan: TrainingPlan,
  place: Parameters<typeof stageMemory>[2],
): number {
  const fits = (layers: number): boolean =>
    stageMemory(modelOfStage(job.model, layers, plan.pipeline), plan, place).total <=
    group.chip.memory;
  let low = 0;
  let high = layersOf(job.model) + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
