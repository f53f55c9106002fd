import type { PipelineShape } from "./bubble.ts";

/** Times of one micro-batch on one whole stage, all its chunks together. */
export interface PassTimes {
  readonly forward: number;
  readonly backward: number;
}

interface Work {
  readonly kind: "forward" | "backward";
  readonly microBatch: number;
  /** Position of the chunk along the whole model, from 0. */
  readonly chunk: number;
}

/**
 * Makespan of a pipeline by playing it event by event: each stage does its work in the schedule's order as soon as
 * what it needs is there. The yardstick for the closed forms; cost grows with stages x micro-batches x chunks.
 */
export function simulatePipeline(shape: PipelineShape, times: PassTimes): number {
  const { stages, interleave } = shape;
  const orders = Array.from({ length: stages }, (_, stage) => orderOf(shape, stage));
  const forward = times.forward / interleave;
  const backward = times.backward / interleave;
  const done = new Map<string, number>();
  const clocks = new Float64Array(stages);
  const next = new Int32Array(stages);
  const last = stages * interleave - 1;
  let left = orders.reduce((sum, order) => sum + order.length, 0);
  while (left > 0) {
    const before = left;
    orders.forEach((order, stage) => {
      for (let work = order[next[stage] ?? 0]; work !== undefined; work = order[next[stage] ?? 0]) {
        const ready = readyAt(work, last, done);
        if (ready === undefined) break;
        const end =
          Math.max(ready, clocks[stage] ?? 0) + (work.kind === "forward" ? forward : backward);
        clocks[stage] = end;
        done.set(keyOf(work), end);
        next[stage] = (next[stage] ?? 0) + 1;
        left--;
      }
    });
    if (left === before) return Number.POSITIVE_INFINITY;
  }
  return Math.max(...clocks);
}

function keyOf({ kind, microBatch, chunk }: Work): string {
  return `${kind} ${microBatch} ${chunk}`;
}

/** When what a piece of work needs is finished; undefined while it is not. */
function readyAt(
  { kind, microBatch, chunk }: Work,
  last: number,
  done: ReadonlyMap<string, number>,
): number | undefined {
  if (kind === "forward") {
    return chunk === 0 ? 0 : done.get(keyOf({ kind, microBatch, chunk: chunk - 1 }));
  }
  return chunk === last
    ? done.get(keyOf({ kind: "forward", microBatch, chunk }))
    : done.get(keyOf({ kind, microBatch, chunk: chunk + 1 }));
}

/** Megatron's order of one stage: warm-up forwards, then one forward and one backward in turn, then the backwards left. */
function orderOf(shape: PipelineShape, stage: number): readonly Work[] {
  const { stages, microBatches, interleave, schedule } = shape;
  const total = microBatches * interleave;
  const forwards = Array.from({ length: total }, (_, index) =>
    pieceOf(shape, stage, index, "forward"),
  );
  const backwards = Array.from({ length: total }, (_, index) =>
    pieceOf(shape, stage, index, "backward"),
  );
  if (schedule === "gpipe") return [...forwards, ...backwards];
  const warmUp = Math.min(
    total,
    interleave > 1 ? (stages - stage - 1) * 2 + (interleave - 1) * stages : stages - stage - 1,
  );
  const steady = forwards
    .slice(warmUp)
    .flatMap((work, index) => [work, ...backwards.slice(index, index + 1)]);
  return [...forwards.slice(0, warmUp), ...steady, ...backwards.slice(total - warmUp)];
}

/** The n-th piece of a stage: groups of as many micro-batches as stages pass chunk after chunk. */
function pieceOf(
  { stages, interleave }: PipelineShape,
  stage: number,
  index: number,
  kind: Work["kind"],
): Work {
  const round = stages * interleave;
  const group = Math.floor(index / round);
  const turn = Math.floor((index % round) / stages);
  const slot = kind === "forward" ? turn : interleave - 1 - turn;
  if (interleave === 1) return { kind, microBatch: index, chunk: stage };
  return { kind, microBatch: group * stages + (index % stages), chunk: slot * stages + stage };
}
