import type { TrainingPlan } from "../../schema/index.ts";
import type { Circumstances, CoefficientTable } from "../efficiency/coefficients.ts";
import { resolveCoefficients } from "../efficiency/coefficients.ts";
import { checkPlan } from "./check-plan.ts";
import { estimateWith } from "./estimate-step.ts";
import type { TrainingSetup } from "./setup.ts";

/** A plan and the seconds of its step. */
export interface ChosenPlan {
  readonly plan: TrainingPlan;
  readonly seconds: number;
  /** Plans looked at, and those that fit. */
  readonly seen: number;
  readonly fitting: number;
}

/** Degrees worth trying: powers of two. */
const degrees = [1, 2, 4, 8, 16, 32, 64];

/** The quickest fitting plan of a coarse grid around `setup.plan`, whose batch, sequence and recipe are kept. */
export function choosePlan(
  setup: TrainingSetup,
  available: number,
  circumstances: Circumstances,
  table: CoefficientTable,
): ChosenPlan | undefined {
  const { coefficients, work } = resolveCoefficients(table, circumstances);
  let best: ChosenPlan | undefined;
  let seen = 0;
  let fitting = 0;
  for (const plan of candidates(setup, available)) {
    const candidate = { ...setup, plan };
    seen++;
    if (checkPlan(candidate, available).kind === "infeasible") continue;
    fitting++;
    const seconds = estimateWith(candidate, coefficients, work).total;
    if (best === undefined || seconds < best.seconds) best = { plan, seconds, seen, fitting };
  }
  return best === undefined ? undefined : { ...best, seen, fitting };
}

function* candidates(setup: TrainingSetup, available: number): Generator<TrainingPlan> {
  const { model, fabric, plan: asked } = setup;
  const experts = Math.max(
    1,
    ...model.groups.map(({ feedForward }) =>
      feedForward.kind === "experts" ? feedForward.experts : 1,
    ),
  );
  const layers = model.groups.reduce((sum, { count }) => sum + count, 0);
  const contexts = asked.sequence > 16_384 ? [1, 2, 4, 8] : [1];
  for (const tensor of degrees) {
    if (tensor > fabric.domain) break;
    for (const pipeline of degrees) {
      if (layers % pipeline !== 0) continue;
      for (const context of contexts) {
        const data = available / (tensor * pipeline * context);
        if (!Number.isInteger(data)) continue;
        for (const expert of experts === 1 ? [1] : degrees.filter((degree) => degree <= experts)) {
          for (const microBatch of [1, 2, 4, 8]) {
            if (asked.globalBatch % (data * microBatch) !== 0) continue;
            for (const recompute of ["none", "full"] as const) {
              for (const zero of pipeline === 1 ? [1, 3] : [1]) {
                yield {
                  ...asked,
                  tensor,
                  pipeline,
                  context,
                  data,
                  expert,
                  expertTensor: 1,
                  microBatch,
                  recompute,
                  zero,
                  interleave: 1,
                  schedule: "1f1b",
                };
              }
            }
          }
        }
      }
    }
  }
}
