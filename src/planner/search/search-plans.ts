import type { TrainingPlan } from "../../schema/index.ts";
import type { Coefficients } from "../efficiency/coefficients.ts";
import { rankMemory } from "../memory/rank-memory.ts";
import { checkPlan } from "../training/check-plan.ts";
import { estimateWith, type StepEstimate } from "../training/estimate-step.ts";
import type { TrainingSetup } from "../training/setup.ts";
import {
  brokenBound,
  figuresOf,
  scoreOf,
  type Bound,
  type Constraints,
  type Figures,
  type Objective,
  type Pricing,
} from "./figures.ts";
import { leastStep } from "./least-step.ts";
import type { SearchSpace } from "./space.ts";

export interface SearchQuestion {
  /** Model, chip and wires; of its plan the batch, the sequence and what is trained are kept. */
  readonly setup: TrainingSetup;
  readonly available: number;
  readonly coefficients: Coefficients;
  readonly work: number;
  readonly pricing: Pricing;
  readonly objective: Objective;
  readonly constraints: Constraints;
  readonly space: SearchSpace;
  /** How many of the best to return. */
  readonly keep: number;
}

/** A plan that runs within the constraints. */
export interface FoundPlan {
  readonly plan: TrainingPlan;
  readonly step: StepEstimate;
  readonly figures: Figures;
  readonly score: number;
  /** Bytes of the fullest rank. */
  readonly memory: number;
}

/** Plans that were looked at, by what became of them. */
export interface SearchCounts {
  evaluated: number;
  /** Parts of the tree, each of many plans, whose bound is worse than the plans kept or breaks a constraint. */
  pruned: number;
  /** Degrees that do not go together or do not fit the model. */
  misfits: number;
  memory: number;
  broken: Partial<Record<Bound, number>>;
}

export interface SearchResult {
  /** Best first. */
  readonly best: readonly FoundPlan[];
  readonly counts: Readonly<SearchCounts>;
}

/**
 * The best plans of a space, exactly: branch and bound over all of it, best bound first. What is left is cut where
 * `leastStep`, hence (figures do not fall with the step) its best figure, is worse than the plans already kept or
 * outside a constraint; micro-batches stop at the first whose memory does not fit, since memory grows with them.
 */
export function searchPlans(question: SearchQuestion): SearchResult {
  const search = new PlanSearch(question);
  const bounded = [...branches(question)].flatMap((degrees) => search.boundBranch(degrees));
  bounded.sort((a, b) => a.bound - b.bound);
  for (const [index, { degrees, bound }] of bounded.entries()) {
    if (bound > search.worst) {
      search.counts.pruned += bounded.length - index;
      break;
    }
    search.visitBranch(degrees);
  }
  return { best: search.best, counts: search.counts };
}

/** Degrees without micro-batch, recompute, ZeRO stage and chunks. */
function* branches({ setup, space }: SearchQuestion): Generator<TrainingPlan> {
  const asked = setup.plan;
  for (const precision of space.precision) {
    for (const tensor of space.tensor) {
      for (const pipeline of space.pipeline) {
        for (const context of space.context) {
          for (const accelerators of space.accelerators) {
            const data = accelerators / (tensor * pipeline * context);
            if (!Number.isInteger(data) || asked.globalBatch % data !== 0) continue;
            for (const expert of space.expert) {
              yield {
                ...asked,
                precision,
                tensor,
                pipeline,
                context,
                data,
                expert,
                expertTensor: 1,
              };
            }
          }
        }
      }
    }
  }
}

class PlanSearch {
  readonly best: FoundPlan[] = [];
  readonly counts: SearchCounts = { evaluated: 0, pruned: 0, misfits: 0, memory: 0, broken: {} };
  readonly #question: SearchQuestion;

  constructor(question: SearchQuestion) {
    this.#question = question;
  }

  /** A branch with the best score that it may hold; nothing where that breaks a constraint. */
  boundBranch(degrees: TrainingPlan): readonly { degrees: TrainingPlan; bound: number }[] {
    const { setup, space, coefficients, work, pricing, constraints, objective } = this.#question;
    const plan = { ...degrees, schedule: "1f1b" as const };
    const largest = Math.max(...space.microBatch);
    const interleave = Math.max(1, ...this.#chunksOf(degrees));
    const seconds = leastStep({ ...setup, plan }, coefficients, work, { largest, interleave });
    const figures = figuresOf(seconds, usedBy(plan), pricing);
    const broken = brokenBound(figures, constraints);
    if (broken === undefined) return [{ degrees, bound: scoreOf(figures, objective) }];
    this.#countBroken(broken);
    return [];
  }

  visitBranch(degrees: TrainingPlan): void {
    const { space } = this.#question;
    for (const zero of space.zero) {
      for (const recompute of space.recompute) {
        for (const interleave of this.#chunksOf(degrees)) {
          const schedule = interleave > 1 ? "interleaved" : "1f1b";
          this.#visitMicroBatches({ ...degrees, zero, recompute, interleave, schedule });
        }
      }
    }
  }

  /** Score that a plan must be below to be kept. */
  get worst(): number {
    const last = this.best[this.#question.keep - 1];
    return last === undefined ? Number.POSITIVE_INFINITY : last.score;
  }

  #chunksOf({ pipeline }: TrainingPlan): readonly number[] {
    return this.#question.space.interleave.filter((count) => count === 1 || pipeline > 1);
  }

  #visitMicroBatches(branch: TrainingPlan): void {
    const { setup, available, space, constraints } = this.#question;
    for (const microBatch of space.microBatch) {
      if (branch.globalBatch % (branch.data * microBatch) !== 0) continue;
      const plan = { ...branch, microBatch };
      const candidate = { ...setup, plan };
      const checked = checkPlan(candidate, available);
      if (checked.kind === "infeasible") {
        if (checked.reasons.some(({ about }) => about !== "memory")) this.counts.misfits++;
        else {
          this.counts.memory++;
          break;
        }
        continue;
      }
      const memory = rankMemory(setup.model, plan).total;
      if (memory > (constraints.memory ?? Number.POSITIVE_INFINITY)) {
        this.counts.memory++;
        break;
      }
      this.#judge(candidate, memory);
    }
  }

  #judge(candidate: TrainingSetup, memory: number): void {
    const { coefficients, work, pricing, constraints, objective } = this.#question;
    const { plan } = candidate;
    this.counts.evaluated++;
    const step = estimateWith(candidate, coefficients, work);
    const figures = figuresOf(step.total, usedBy(plan), pricing);
    const broken = brokenBound(figures, constraints);
    if (broken !== undefined) {
      this.#countBroken(broken);
      return;
    }
    const score = scoreOf(figures, objective);
    if (score >= this.worst) return;
    const place = this.best.findIndex((other) => other.score > score);
    const found = { plan, step, figures, score, memory };
    this.best.splice(place === -1 ? this.best.length : place, 0, found);
    if (this.best.length > this.#question.keep) this.best.pop();
  }

  #countBroken(bound: Bound): void {
    this.counts.broken[bound] = (this.counts.broken[bound] ?? 0) + 1;
  }
}

function usedBy(plan: TrainingPlan): number {
  return plan.tensor * plan.pipeline * plan.context * plan.data;
}
