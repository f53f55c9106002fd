import type { PublishedRun } from "../../schema/index.ts";
import { chipsOf, formatOn, type TrainingSetup } from "../training/setup.ts";
import { trainingFlops } from "../work/model-flops.ts";

/** Tokens per second and accelerator of a row, and which of its figures that rests on. */
export interface MeasuredRate {
  readonly tokensPerSecond: number;
  readonly basis: string;
}

/**
 * Trap 1 of published figures: the same run differs by up to 30 % between ways to count operations. So a time or a
 * rate of tokens is used where the row has one; operations only where it has nothing else, by the row's convention
 * (every product, logits and the whole square of scores, as Megatron counts, unless it says otherwise).
 */
export function measuredRate(row: PublishedRun, setup: TrainingSetup): MeasuredRate | string {
  const figure = (key: string): number | undefined => {
    const value = row.measured[key] ?? row.derived?.[key];
    return typeof value === "number" && value > 0 ? value : undefined;
  };
  const { plan } = setup;
  const step = figure("step_time_s");
  if (step !== undefined) {
    const tokens = plan.globalBatch * plan.sequence;
    return { tokensPerSecond: tokens / step / chipsOf(plan), basis: "step_time_s" };
  }
  for (const key of [
    "tokens_per_s_per_gpu",
    "tokens_per_s_per_npu",
    "tokens_per_s_per_chip",
    "tokens_per_s_per_chip_approx",
  ]) {
    const rate = figure(key);
    if (rate !== undefined) return { tokensPerSecond: rate, basis: key };
  }
  const all = figure("tokens_per_s");
  if (all !== undefined) return { tokensPerSecond: all / chipsOf(plan), basis: "tokens_per_s" };
  const samples = figure("samples_per_s");
  if (samples !== undefined) {
    return { tokensPerSecond: (samples * plan.sequence) / chipsOf(plan), basis: "samples_per_s" };
  }
  return rateFromOperations(row, setup, figure);
}

function rateFromOperations(
  row: PublishedRun,
  setup: TrainingSetup,
  figure: (key: string) => number | undefined,
): MeasuredRate | string {
  const { chip, model, plan } = setup;
  const perToken = trainingFlops(model, plan.sequence, "full-attention");
  const teras = figure("model_tflops_per_gpu") ?? figure("tflops_per_gpu");
  if (teras !== undefined)
    return { tokensPerSecond: (teras * 1e12) / perToken, basis: "model_tflops_per_gpu" };
  const hardware = figure("hw_tflops_per_gpu");
  if (hardware !== undefined) {
    const repeated = plan.recompute === "full" ? 4 / 3 : 1;
    return { tokensPerSecond: (hardware * 1e12) / perToken / repeated, basis: "hw_tflops_per_gpu" };
  }
  const mfu = figure("mfu");
  if (mfu !== undefined) {
    const { peak } = formatOn(chip, plan.precision);
    const share = mfu > 1 ? mfu / 100 : mfu;
    return { tokensPerSecond: (share * peak) / perToken, basis: "mfu" };
  }
  return `none of its figures is a time or a rate of training: ${Object.keys(row.measured).join(", ")}`;
}
