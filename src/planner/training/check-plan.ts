import type { Feasibility, Reason } from "../../schema/index.ts";
import { rankMemory } from "../memory/rank-memory.ts";
import { chipsOf, type TrainingSetup } from "./setup.ts";

/** Whether a plan's degrees fit together, fit the model and the machine, and its memory fits the chip. */
export function checkPlan(setup: TrainingSetup, available: number): Feasibility {
  const reasons = [...checkDegrees(setup, available), ...checkShapes(setup), ...checkMemory(setup)];
  return reasons.length === 0 ? { kind: "feasible" } : { kind: "infeasible", reasons };
}

function checkDegrees({ plan }: TrainingSetup, available: number): Reason[] {
  const used = chipsOf(plan);
  const reasons: Reason[] = [];
  if (used > available) {
    reasons.push({
      about: "parallelism",
      message: `tensor ${plan.tensor} x context ${plan.context} x pipeline ${plan.pipeline} x data ${plan.data} needs ${used} accelerators; there are ${available}`,
      hint: "Lower data, or add accelerators.",
    });
  }
  const replicas = plan.data * plan.microBatch;
  if (plan.globalBatch % replicas !== 0) {
    reasons.push({
      about: "batch",
      message: `a global batch of ${plan.globalBatch} does not divide into ${plan.data} replicas of ${plan.microBatch} sequences`,
      hint: `The nearest is ${Math.max(1, Math.round(plan.globalBatch / replicas)) * replicas}.`,
    });
  }
  if ((plan.data * plan.context * plan.tensor) % (plan.expert * plan.expertTensor) !== 0) {
    reasons.push({
      about: "parallelism",
      message: `expert ${plan.expert} x expertTensor ${plan.expertTensor} does not divide data x context x tensor = ${plan.data * plan.context * plan.tensor}`,
      hint: "Experts are spread over the ranks of one pipeline stage.",
    });
  }
  if (plan.interleave > 1 && plan.pipeline === 1) {
    reasons.push({
      about: "parallelism",
      message: "interleave needs a pipeline",
      hint: "Set pipeline above 1 or interleave to 1.",
    });
  }
  return reasons;
}

function checkShapes({ model, plan }: TrainingSetup): Reason[] {
  const layers = model.groups.reduce((sum, { count }) => sum + count, 0);
  const reasons: Reason[] = [];
  if (plan.pipeline * plan.interleave > layers) {
    reasons.push({
      about: "parallelism",
      message: `${plan.pipeline} stages of ${plan.interleave} chunks are more than the ${layers} layers`,
      hint: "Lower pipeline or interleave.",
    });
  }
  for (const { attention, feedForward } of model.groups) {
    const heads = attention.kind === "grouped" || attention.kind === "latent" ? attention.heads : 0;
    if (heads > 0 && heads % plan.tensor !== 0) {
      reasons.push({
        about: "parallelism",
        message: `${heads} attention heads do not divide over tensor ${plan.tensor}`,
        hint: "Choose a divisor of the heads.",
      });
      break;
    }
    if (feedForward.kind === "experts" && plan.expert > feedForward.experts) {
      reasons.push({
        about: "parallelism",
        message: `expert ${plan.expert} exceeds the ${feedForward.experts} experts`,
        hint: "Choose a divisor of the experts.",
      });
      break;
    }
  }
  return reasons;
}

function checkMemory({ model, plan, chip }: TrainingSetup): Reason[] {
  const memory = rankMemory(model, plan);
  if (memory.total <= chip.memory) return [];
  const { total, ...kinds } = memory;
  const [largest = "activations", bytes = 0] =
    Object.entries(kinds).sort(([, a], [, b]) => b - a)[0] ?? [];
  const remedies: Readonly<Record<string, string>> = {
    activations:
      "Recompute more (recompute: full), make micro-batches smaller, or raise tensor or context.",
    logits: "Make micro-batches smaller, or raise tensor or context.",
    weights: "Raise tensor, pipeline or expert, or shard the weights (zero: 3).",
    gradients: "Raise tensor, pipeline or expert, or shard the gradients (zero: 2).",
    optimizer: "Shard the optimizer (zero: 1) over more replicas.",
  };
  return [
    {
      about: "memory",
      message: `a rank needs ${giga(total)} and ${chip.name} has ${giga(chip.memory)}: ${giga(total - chip.memory)} too much; ${largest} take ${giga(bytes)}`,
      hint: remedies[largest] ?? "Use more accelerators.",
    },
  ];
}

function giga(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
