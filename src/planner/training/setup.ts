import type {
  Architecture,
  NumberFormat,
  TrainingPlan,
  TrainingPrecision,
} from "../../schema/index.ts";
import type { Chip } from "../chip.ts";
import type { Fabric } from "../wires/fabric.ts";

/** All that a training step's time depends on, but for the coefficients. */
export interface TrainingSetup {
  readonly model: Architecture;
  readonly chip: Chip;
  readonly fabric: Fabric;
  readonly plan: TrainingPlan;
  /** Whether routing is forced to balance (or drops what does not fit); otherwise experts wait for the fullest. */
  readonly balanced: boolean;
  /** Mean tokens of the documents that are packed into a sequence and attend to themselves only. */
  readonly packed?: number | undefined;
  /** Whether the software hides gradients and weights behind the passes. */
  readonly overlapsData: boolean;
}

/** Format of the matrix products of a recipe. */
const formats: Readonly<Record<TrainingPrecision, NumberFormat>> = {
  fp32: "fp32",
  tf32: "tf32",
  fp16: "fp16",
  bf16: "bf16",
  fp8: "fp8",
  "fp8-current": "fp8",
  mxfp8: "fp8",
  nvfp4: "fp4",
};

/** Wider formats that a chip without a unit for one runs it in. */
const wider: Readonly<Record<NumberFormat, readonly NumberFormat[]>> = {
  fp32: [],
  tf32: ["fp32"],
  fp16: ["bf16", "tf32", "fp32"],
  bf16: ["fp16", "tf32", "fp32"],
  fp8: ["bf16", "fp16"],
  fp4: ["fp8", "bf16"],
  int8: ["fp8", "bf16"],
  int4: ["int8", "fp8", "bf16"],
};

/** The format that a recipe's products run in on a chip, and its dense peak in operations per second. */
export function formatOn(
  chip: Chip,
  precision: TrainingPrecision,
): { readonly format: NumberFormat; readonly peak: number } {
  const wanted = formats[precision];
  for (const format of [wanted, ...wider[wanted]]) {
    const peak = chip.peaks[format];
    if (peak !== undefined) return { format, peak };
  }
  const [format, peak = 1] = Object.entries(chip.peaks)[0] ?? [];
  return { format: (format ?? "fp32") as NumberFormat, peak };
}

/** Accelerators that a plan uses. */
export function chipsOf(plan: TrainingPlan): number {
  return plan.tensor * plan.pipeline * plan.context * plan.data;
}

/** Micro-batches of one step on one pipeline; fractional batches round up. */
export function microBatchesOf(plan: TrainingPlan): number {
  return Math.max(1, Math.ceil(plan.globalBatch / (plan.data * plan.microBatch)));
}
