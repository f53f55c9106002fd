import type { LayerGroup } from "../../schema/index.ts";
import type { Coefficients } from "../efficiency/coefficients.ts";
import { coreFlops, headsOf, meanKeys, windowOf } from "../work/attention-core.ts";
import {
  layerProducts,
  productElements,
  productFlops,
  type Product,
} from "../work/layer-products.ts";
import { streamedBytes } from "../work/streamed-bytes.ts";
import { formatOn, type TrainingSetup } from "./setup.ts";

/** Seconds of one pass over one layer (or the logits) on one rank, by what they are spent on. */
export interface PassTime {
  readonly products: number;
  readonly attention: number;
  readonly streaming: number;
  readonly launch: number;
}

/** What the time of a rank's work depends on, taken once per setup. */
export interface Pace {
  /** Operations per second of large products, and of those of many experts at once. */
  readonly product: number;
  readonly grouped: number;
  /** Operations per second of products kept in 16 bits (router, logits). */
  readonly product16: number;
  readonly attention: number;
  /** Bytes per second of streaming kernels. */
  readonly memory: number;
  readonly coefficients: Coefficients;
  /** Whether products run in 8 or 4 bits and inputs are cast first. */
  readonly casts: boolean;
  /** Bytes per number of a product's inputs. */
  readonly inputBytes: number;
}

/** Rates of a chip under a recipe, from its peaks and the coefficients. */
export function paceOf(setup: TrainingSetup, coefficients: Coefficients): Pace {
  const { chip, plan } = setup;
  const { format, peak } = formatOn(chip, plan.precision);
  const half = formatOn(
    chip,
    plan.precision === "fp32" || plan.precision === "tf32" ? plan.precision : "bf16",
  ).peak;
  const share =
    format === "fp8"
      ? coefficients.product8
      : format === "fp4"
        ? coefficients.product4
        : coefficients.product;
  return {
    product: peak * share,
    grouped: peak * share * coefficients.grouped,
    product16: half * coefficients.product,
    attention: half * coefficients.attention,
    memory: chip.memoryBandwidth * coefficients.memory,
    coefficients,
    casts: format === "fp8" || format === "fp4",
    inputBytes: format === "fp4" ? 0.5 : format === "fp8" ? 1 : format === "fp32" ? 4 : 2,
  };
}

/**
 * Seconds of products: operations over the rate, plus their operands over the memory (an additive form of the
 * roofline: a product of sides m, n, k moves 1/m + 1/n + 1/k of its operations, so small sides cost more).
 */
export function productTime(product: Product, pace: Pace): number {
  const { reuse, cast } = pace.coefficients;
  const keptWide = product.label === "router" || product.label === "logits";
  const rate = keptWide
    ? pace.product16
    : product.label === "experts"
      ? pace.grouped
      : pace.product;
  const width = keptWide ? 2 : pace.inputBytes;
  const bytes = productElements(product) * ((width + 2) / 2) * reuse;
  // Inputs are read in 16 bits and written in 8, once as they are and once transposed for the backward pass.
  const casting =
    pace.casts && !keptWide
      ? (product.m * product.k + product.k * product.n) * product.copies * 4 * cast
      : 0;
  return productFlops(product) / rate + (bytes + casting) / pace.memory;
}

/** Forward and backward of one layer for one micro-batch on one rank. */
export interface LayerTime {
  readonly forward: PassTime;
  readonly backward: PassTime;
}

/** Kernels of one fused layer's forward pass; attention, norms, products, activation (Megatron-Core's count). */
const kernelsForward = 14;

export function layerTime(layer: LayerGroup, setup: TrainingSetup, pace: Pace): LayerTime {
  const { model, plan, balanced } = setup;
  const tokens = (plan.microBatch * plan.sequence) / plan.context;
  const products = layerProducts(layer, model.width, tokens, plan);
  const skew = balanced ? 1 : pace.coefficients.imbalance;
  let once = 0;
  for (const product of products) {
    once += productTime(product, pace) * (product.label === "experts" ? skew : 1);
  }
  const core = attentionTime(layer, setup, pace, tokens);
  const streamed = streamedBytes(layer, model, plan, tokens);
  const { passes, permute, scan, launch, expertFixed } = pace.coefficients;
  const streaming =
    (streamed.plain * passes + streamed.sorting * permute + streamed.scanning * scan) / pace.memory;
  const isSparse = layer.feedForward.kind === "experts";
  const fixed = kernelsForward * launch + (isSparse ? expertFixed : 0);
  // Weight gradients are added to fp32 sums: read and written once per micro-batch.
  const sums = products.reduce((sum, { k, n, copies }) => sum + k * n * copies, 0) * 8;
  const trainsAll = plan.trains.kind === "all";
  return {
    forward: { products: once, attention: core, streaming, launch: fixed },
    backward: {
      products: once * (trainsAll ? 2 : 1),
      // Dao 2023: five products backward for two forward.
      attention: core * 2.5,
      streaming: streaming * 2 + (trainsAll ? sums / pace.memory : 0),
      launch: fixed * 2,
    },
  };
}

/** Scores and weighted values: fused, over the causal half; or unfused, over the square and through memory. */
function attentionTime(
  layer: LayerGroup,
  { plan, packed }: TrainingSetup,
  pace: Pace,
  tokens: number,
): number {
  const { attention } = layer;
  const window = windowOf(attention);
  if (plan.flashAttention) {
    const keys = meanKeys(
      plan.sequence,
      Math.min(window ?? plan.sequence, packed ?? plan.sequence),
    );
    return (tokens * coreFlops(attention, keys)) / plan.tensor / pace.attention;
  }
  const flops = (tokens * coreFlops(attention, plan.sequence)) / plan.tensor;
  // Scores written and read by the scaled, masked softmax, the dropout and the second product: about 10 bytes each.
  const scores = (headsOf(attention) / plan.tensor) * tokens * plan.sequence * 10;
  return flops / pace.product16 + (scores * pace.coefficients.scores) / pace.memory;
}

/** Output projection and cross-entropy of one micro-batch on one rank of the last stage, forward. */
export function logitsTime(setup: TrainingSetup, pace: Pace): LayerTime {
  const { model, plan } = setup;
  const tokens = (plan.microBatch * plan.sequence) / plan.context;
  const product: Product = {
    label: "logits",
    m: tokens,
    k: model.width,
    n: model.vocabulary / plan.tensor,
    copies: 1,
  };
  const once = productTime(product, pace);
  // Logits written in 16 bits, read and written in 32 for the softmax; and again for its gradient.
  const streaming = (product.m * product.n * 14 * pace.coefficients.passes) / pace.memory;
  const { launch } = pace.coefficients;
  return {
    forward: { products: once, attention: 0, streaming, launch: 6 * launch },
    backward: { products: 2 * once, attention: 0, streaming, launch: 8 * launch },
  };
}
