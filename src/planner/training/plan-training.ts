import type { Feasibility, Term } from "../../schema/index.ts";
import { intervalOf } from "../efficiency/conformal.ts";
import type { Circumstances } from "../efficiency/coefficients.ts";
import type { Efficiency } from "../efficiency/efficiency-file.ts";
import { rankMemory, type RankMemory } from "../memory/rank-memory.ts";
import { trainingFlops } from "../work/model-flops.ts";
import { checkPlan } from "./check-plan.ts";
import { estimateStep, type StepEstimate } from "./estimate-step.ts";
import { explainStep } from "./explain-step.ts";
import { chipsOf, formatOn, type TrainingSetup } from "./setup.ts";

/** A training job on one group of accelerators. */
export interface TrainingJob {
  readonly setup: TrainingSetup;
  /** Accelerators there are. */
  readonly available: number;
  readonly tokens: number;
  readonly circumstances: Circumstances;
  readonly efficiency: Efficiency;
}

/** What a training job takes. */
export interface TrainingAnswer {
  readonly feasibility: Feasibility;
  readonly step: StepEstimate;
  readonly memory: RankMemory;
  /** Tokens per second of all accelerators, and of one. */
  readonly tokensPerSecond: number;
  readonly perAccelerator: number;
  /** Model operations (causal attention not halved) over the peak of the format. */
  readonly utilisation: number;
  readonly seconds: number;
  readonly acceleratorHours: number;
  /** Root of the explanation: `training`, above `step` and `memory`. */
  readonly term: Term;
}

/** Predicts a job: time with its interval, memory by kind, and the sums behind both. */
export function planTraining(job: TrainingJob): TrainingAnswer {
  const { setup, tokens, circumstances, efficiency } = job;
  const { plan, model, chip } = setup;
  const step = estimateStep(setup, circumstances, efficiency.table);
  const memory = rankMemory(model, plan);
  const perStep = plan.globalBatch * plan.sequence;
  const steps = Math.ceil(tokens / perStep);
  const seconds = steps * step.total;
  const chips = chipsOf(plan);
  const tokensPerSecond = perStep / step.total;
  const sparse = model.groups.some(({ feedForward }) => feedForward.kind === "experts");
  const { format, peak } = formatOn(chip, plan.precision);
  const kind = sparse ? "experts" : format === "fp8" || format === "fp4" ? "dense-8bit" : "dense";
  const interval = intervalOf(efficiency.intervals, kind);
  const stepTerm = explainStep(setup, step, circumstances, efficiency, interval);
  const flops = trainingFlops(model, plan.sequence, "full-attention");
  return {
    feasibility: checkPlan(setup, job.available),
    step,
    memory,
    tokensPerSecond,
    perAccelerator: tokensPerSecond / chips,
    utilisation: (tokensPerSecond / chips) * (flops / peak),
    seconds,
    acceleratorHours: (seconds * chips) / 3_600,
    term: {
      id: "training",
      label: "time of the training run, without failures",
      value: seconds,
      unit: "s",
      low: seconds * Math.exp(interval[0]),
      high: seconds * Math.exp(interval[1]),
      formula: `${steps} steps of ${perStep} tokens x time of a step`,
      children: [stepTerm, memoryTerm(memory)],
      constants: [],
    },
  };
}

const memoryLaws: Readonly<Record<Exclude<keyof RankMemory, "total">, string>> = {
  weights: "2 bytes per parameter of the rank, cut by ZeRO 3",
  gradients: "4 bytes per parameter (fp32 sums), 2 and cut by ZeRO 2 and 3",
  optimizer: "12 bytes per parameter (fp32 weight, two moments), cut by ZeRO 1",
  activations:
    "what each layer keeps for its backward pass x micro-batches in flight (Korthikanti et al. 2022, table 2)",
  logits:
    "6 bytes per token and vocabulary entry of the rank, and the gradient of the output projection",
  buffers: "libraries, communication buffers, context: a prior of 2 GB",
};

function memoryTerm(memory: RankMemory): Term {
  const { total, ...kinds } = memory;
  return {
    id: "memory",
    label: "memory of the fullest rank",
    value: total,
    unit: "B",
    formula: "sum of its kinds",
    constants: [],
    children: Object.entries(kinds).map(([name, value]) => ({
      id: `memory.${name}`,
      label: name,
      value,
      unit: "B",
      formula: memoryLaws[name as keyof typeof memoryLaws],
      children: [],
      constants: [],
    })),
  };
}
