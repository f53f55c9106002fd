import type { Architecture } from "../../schema/index.ts";
import type { Chip } from "../chip.ts";
import { countParameters } from "../work/count-parameters.ts";
import { forwardFlops } from "../work/model-flops.ts";

/** How a model answers on identical accelerators. */
export interface AnswerSetup {
  readonly model: Architecture;
  readonly chip: Chip;
  readonly bytesPerWeight: number;
  readonly input: number;
  readonly output: number;
  /** Requests that one replica works on at once. */
  readonly concurrency: number;
  /** Shares of peak and of memory bandwidth that kernels reach. */
  readonly product: number;
  readonly memory: number;
}

export interface AnswerSpeed {
  /** Accelerators that hold the model once. */
  readonly chips: number;
  /** Tokens per second of one accelerator. */
  readonly prefill: number;
  readonly decode: number;
}

/** Share of memory that weights may take; the rest is cache and workspace. */
const weightShare = 0.8;

/**
 * Roofline of answering: reading a prompt takes its operations at the share of peak that products reach; a pass of
 * decoding reads all weights that its tokens visit, once for the whole batch, and does each token's operations.
 */
export function answerSpeed(setup: AnswerSetup): AnswerSpeed {
  const { model, chip, bytesPerWeight, input, output, concurrency } = setup;
  const { total, active } = countParameters(model);
  const chips =
    2 ** Math.ceil(Math.log2(Math.max(1, (total * bytesPerWeight) / (weightShare * chip.memory))));
  const peak = (chip.peaks.bf16 ?? chip.peaks.fp16 ?? chip.peaks.fp32 ?? 1) * setup.product;
  const perToken = forwardFlops(model, input + output, "causal");
  const visited = Math.min(total, active * concurrency) * bytesPerWeight;
  const reading = visited / (chips * chip.memoryBandwidth * setup.memory);
  const computing = (concurrency * perToken) / (chips * peak);
  return {
    chips,
    prefill: peak / forwardFlops(model, input, "causal"),
    decode: concurrency / (reading + computing) / chips,
  };
}
