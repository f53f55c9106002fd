import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bubbleFraction,
  bubbleMicroBatches,
  microBatchesInFlight,
  type PipelineShape,
} from "./bubble.ts";
import { simulatePipeline } from "./simulate-pipeline.ts";

const times = { forward: 1, backward: 2 };

function closedForm(shape: PipelineShape): number {
  return (shape.microBatches + bubbleMicroBatches(shape)) * (times.forward + times.backward);
}

describe("pipelines", () => {
  test("GPipe and 1F1B take as long as when played event by event", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom("gpipe" as const, "1f1b" as const),
        (stages, microBatches, schedule) => {
          const shape = { stages, microBatches, interleave: 1, schedule };
          expect(simulatePipeline(shape, times)).toBeCloseTo(closedForm(shape), 9);
        },
      ),
    );
  });

  test("interleaving divides the bubble where micro-batches are a multiple of the stages", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 2, max: 4 }),
        (stages, rounds, interleave) => {
          const shape = {
            stages,
            microBatches: stages * rounds,
            interleave,
            schedule: "interleaved" as const,
          };
          expect(simulatePipeline(shape, times)).toBeCloseTo(closedForm(shape), 9);
        },
      ),
    );
  });

  test("bubble fractions of Narayanan et al. 2021, section 2.2: (p - 1) / m and (p - 1) / (m v)", () => {
    const shape = { stages: 8, microBatches: 64, interleave: 1, schedule: "1f1b" as const };
    expect(bubbleFraction(shape)).toBeCloseTo(7 / 64, 12);
    expect(bubbleFraction({ ...shape, interleave: 4, schedule: "interleaved" })).toBeCloseTo(
      7 / 256,
      12,
    );
  });

  test("1F1B holds as many micro-batches as stages, GPipe all of them", () => {
    const shape = { stages: 4, microBatches: 16, interleave: 1, schedule: "1f1b" as const };
    expect(microBatchesInFlight(shape)).toBe(4);
    expect(microBatchesInFlight({ ...shape, schedule: "gpipe" })).toBe(16);
  });
});
