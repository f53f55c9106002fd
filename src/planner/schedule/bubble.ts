import type { Schedule } from "../../schema/index.ts";

/** What a pipeline is asked to do. */
export interface PipelineShape {
  readonly stages: number;
  /** Micro-batches per step. */
  readonly microBatches: number;
  /** Model chunks per stage (interleaved schedules). */
  readonly interleave: number;
  readonly schedule: Schedule;
}

/**
 * Time that a stage idles, in units of one micro-batch's forward and backward on one stage:
 * (p - 1) for GPipe and 1F1B; (p - 1) / v when interleaved (Narayanan et al. 2021, section 2.2); zero-bubble ZB-H1
 * leaves (p - 1)(f + b - 2w) with f, b, w the forward, input-gradient and weight-gradient times (Qi et al. 2023),
 * a third of 1F1B when the three are equal.
 */
export function bubbleMicroBatches({ stages, interleave, schedule }: PipelineShape): number {
  const fill = stages - 1;
  switch (schedule) {
    case "gpipe":
    case "1f1b":
      return fill / interleave;
    case "interleaved":
      return fill / interleave;
    case "zero-bubble":
      return fill / 3 / interleave;
  }
}

/** Idle time over useful time. */
export function bubbleFraction(shape: PipelineShape): number {
  return bubbleMicroBatches(shape) / shape.microBatches;
}

/** Micro-batches whose activations the first stage holds at once, in units of one stage's layers. */
export function microBatchesInFlight(shape: PipelineShape): number {
  const { stages, microBatches, interleave, schedule } = shape;
  if (schedule === "gpipe") return microBatches;
  // Interleaving keeps (p - 1) / (p v) more than p (Narayanan et al. 2021, section 2.2).
  const held = interleave > 1 ? stages * (1 + (stages - 1) / (stages * interleave)) : stages;
  return Math.min(microBatches, held);
}
