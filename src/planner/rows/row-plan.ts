import {
  trainingPlanSchema,
  type Architecture,
  type PublishedRun,
  type TrainingPlan,
  type TrainingPrecision,
} from "../../schema/index.ts";
import type { Chip } from "../chip.ts";
import { rankMemory } from "../memory/rank-memory.ts";
import { rankParameters } from "../memory/rank-parameters.ts";
import type { RowSoftware } from "./row-software.ts";

/** A row's plan, with what had to be assumed. */
export interface RowPlan {
  readonly plan: TrainingPlan;
  readonly assumed: readonly string[];
}

const precisions: Readonly<Record<string, TrainingPrecision>> = {
  bf16: "bf16",
  fp16: "fp16",
  fp32: "fp32",
  tf32: "tf32",
  fp8: "fp8",
  "fp8-cs": "fp8-current",
  "fp8-mx": "mxfp8",
  mxfp8: "mxfp8",
  nvfp4: "nvfp4",
};

/** Reads the parallelism of a row; what it does not say is filled in by rule and named. */
export function rowPlan(
  row: PublishedRun,
  model: Architecture,
  chip: Chip,
  software: RowSoftware,
): RowPlan | string {
  const told = row.parallelism ?? {};
  const assumed: string[] = [];
  const number = (key: string): number | undefined => {
    const value = told[key];
    return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : undefined;
  };
  const assume = <T>(value: T | undefined, fallback: T, what: string): T => {
    if (value !== undefined) return value;
    assumed.push(what);
    return fallback;
  };
  const chips = row.accelerators ?? undefined;
  if (chips === undefined) return "the number of accelerators is not given";
  const zero = zeroStage(row);
  const split = number("tp") !== undefined || number("pp") !== undefined || zero === 3;
  const usual = split ? { tensor: 1, pipeline: 1, zero } : usualSplit(model, chip, chips, zero);
  if (!split)
    assumed.push(`parallelism not given: tensor ${usual.tensor}, pipeline ${usual.pipeline}`);
  const tensor = number("tp") ?? usual.tensor;
  const pipeline = number("pp") ?? usual.pipeline;
  const context = number("cp") ?? 1;
  const data = chips / (tensor * pipeline * context);
  if (!Number.isInteger(data)) {
    return `tp ${tensor} x pp ${pipeline} x cp ${context} does not divide ${chips} accelerators`;
  }
  const sequence = assume(row.seq_len ?? undefined, 4_096, "sequence of 4096 tokens");
  const accumulation = number("grad_accum") ?? number("micro_batches");
  const cut = { tensor, pipeline, context, data, zero, sequence };
  const microBatch =
    number("mbs") ?? assume(undefined, usualMicroBatch(row, model, chip, cut), "micro-batch");
  const globalBatch =
    row.global_batch ??
    data * microBatch * assume(accumulation, Math.max(8 * pipeline, 16), "micro-batches per step");
  const interleave = number("vpp") ?? 1;
  const dated = software.year ?? 2024;
  const plan: unknown = {
    tensor,
    sequenceParallel: told["sequence_parallel"] ?? dated >= 2023,
    pipeline,
    interleave,
    schedule: scheduleOf(told["schedule"], interleave),
    data,
    zero: usual.zero,
    ...(number("zero1_group") === undefined ? {} : { shardGroup: number("zero1_group") }),
    expert: number("ep") ?? 1,
    expertTensor:
      number("etp") ?? usualExpertTensor(row, tensor, number("ep") ?? 1, chips / pipeline),
    context,
    microBatch,
    globalBatch: Math.round(globalBatch),
    sequence,
    recompute: "none",
    precision: precisions[(row.precision ?? "bf16").split(" ")[0] ?? ""] ?? "bf16",
    // Fused attention came into these frameworks in the course of 2023.
    flashAttention: dated >= 2023,
    trains: /lora/i.test(String(row.workload)) ? { kind: "lora", rank: 32 } : { kind: "all" },
  };
  const parsed = trainingPlanSchema.safeParse(plan);
  if (!parsed.success)
    return `its parallelism is not understood: ${parsed.error.issues[0]?.message}`;
  const recompute = told["recompute"];
  if (recompute === "none" || recompute === "selective" || recompute === "full") {
    return { plan: { ...parsed.data, recompute }, assumed };
  }
  return leastRecompute(parsed.data, model, chip, assumed);
}

/** Recompute not given: none where that fits in memory, else full (Megatron recipes turn it on for that reason). */
function leastRecompute(
  plan: TrainingPlan,
  model: Architecture,
  chip: Chip,
  assumed: readonly string[],
): RowPlan {
  const need = rankMemory(model, plan).total;
  // Recipes tune what is kept to the last gigabyte (selective kinds, offloading); far above memory is the sign.
  const recompute = need > chip.memory * 1.5 ? "full" : "none";
  return { plan: { ...plan, recompute }, assumed: [...assumed, `recompute ${recompute}`] };
}

/** Tensor parallelism of experts not given: Megatron's default is that of the rest, the recipes of its bridge set 1. */
function usualExpertTensor(
  row: PublishedRun,
  tensor: number,
  expert: number,
  ranks: number,
): number {
  if (/Megatron-Bridge/i.test(row.framework ?? "")) return 1;
  return ranks % (tensor * expert) === 0 ? tensor : 1;
}

/** What decides how many sequences fit at once. */
interface BatchCut {
  readonly tensor: number;
  readonly pipeline: number;
  readonly context: number;
  readonly data: number;
  readonly zero: number;
  readonly sequence: number;
}

/**
 * Micro-batch not given: the largest of 1, 2, 4, 8 that divides the batch, leaves a pipeline four micro-batches a
 * stage and fits in memory with full recompute.
 */
function usualMicroBatch(
  row: PublishedRun,
  model: Architecture,
  chip: Chip,
  cut: BatchCut,
): number {
  const perReplica = row.global_batch == null ? undefined : row.global_batch / cut.data;
  const fits = (microBatch: number): boolean => {
    const whole = perReplica === undefined || perReplica % microBatch === 0;
    const fed =
      cut.pipeline === 1 || perReplica === undefined
        ? cut.pipeline === 1 || microBatch === 1
        : perReplica / microBatch >= 4 * cut.pipeline;
    const plan = trainingPlanSchema.safeParse({
      ...cut,
      microBatch,
      globalBatch: cut.data * microBatch * 8,
      recompute: cut.zero === 3 ? "full" : "none",
    });
    return whole && fed && plan.success && rankMemory(model, plan.data).total <= chip.memory;
  };
  return [8, 4, 2].find(fits) ?? 1;
}

function zeroStage(row: PublishedRun): number {
  const told = row.parallelism ?? {};
  if (typeof told["zero"] === "number") return told["zero"];
  if (typeof told["fsdp"] === "number") return told["fsdp"] > 0 ? 3 : 1;
  if (typeof told["mode"] === "string" && /fsdp/i.test(told["mode"])) return 3;
  return /MaxText|Paxml/i.test(row.framework ?? "") ? 3 : 1;
}

function scheduleOf(told: unknown, interleave: number): TrainingPlan["schedule"] {
  if (told === "zero-bubble" || told === "gpipe") return told;
  return interleave > 1 ? "interleaved" : "1f1b";
}

/** Smallest tensor and then pipeline degree at which states take two thirds of memory. */
function usualSplit(
  model: Architecture,
  chip: Chip,
  chips: number,
  zero: number,
): { readonly tensor: number; readonly pipeline: number; readonly zero: number } {
  if (zero === 3) return { tensor: 1, pipeline: 1, zero };
  for (const pipeline of [1, 2, 4, 8, 16]) {
    for (const tensor of [1, 2, 4, 8]) {
      if (chips % (tensor * pipeline) !== 0) continue;
      const { dense, experts } = rankParameters(model, {
        tensor,
        pipeline,
        expert: 1,
        expertTensor: tensor,
      });
      const replicas = chips / (tensor * pipeline);
      if ((dense + experts) * (6 + 12 / replicas) < chip.memory * 0.66)
        return { tensor, pipeline, zero };
    }
  }
  return { tensor: 1, pipeline: 1, zero: 3 };
}
