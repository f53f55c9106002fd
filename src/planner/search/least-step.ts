import type { Coefficients } from "../efficiency/coefficients.ts";
import { bubbleMicroBatches } from "../schedule/bubble.ts";
import { layerTime, logitsTime, paceOf, type PassTime } from "../training/layer-time.ts";
import { layerMessages, pacedFabric } from "../training/message-time.ts";
import { chipsOf, microBatchesOf, type TrainingSetup } from "../training/setup.ts";

/**
 * A time that no plan with these degrees can beat, whatever its micro-batch up to `largest`, recompute, ZeRO stage
 * and up to `interleave` chunks. Work and messages of one micro-batch of b sequences are x + y b, so all n / b of them
 * take n x / b + n y, least with the largest; the bubble is a number of micro-batches, least with the smallest.
 * Recompute, gradients, hops between stages and the optimizer only add to both; stragglers lengthen the whole.
 */
export function leastStep(
  setup: TrainingSetup,
  coefficients: Coefficients,
  work: number,
  { largest, interleave }: { readonly largest: number; readonly interleave: number },
): number {
  const { plan, fabric } = setup;
  const large = withMicroBatch(setup, largest);
  const head = logitsTime(large, paceOf(large, coefficients));
  const logits = ((total(head.forward) + total(head.backward)) / plan.pipeline) * work;
  // Unlike the number of a real plan, a fraction: all sequences in micro-batches of the largest size.
  const batches = plan.globalBatch / plan.data / largest;
  const busy = batches * (layersTime(large, coefficients, work) + logits);
  const small = withMicroBatch(setup, 1);
  const idle = bubbleMicroBatches({
    stages: plan.pipeline,
    microBatches: microBatchesOf(small.plan),
    interleave,
    schedule: plan.schedule,
  });
  const straggling = coefficients.straggle * Math.log2(Math.max(1, chipsOf(plan) / fabric.domain));
  const seconds = (busy + idle * layersTime(small, coefficients, work)) * (1 + straggling);
  // A billionth less, so that rounding cannot put the bound above what it bounds.
  return seconds * (1 - 1e-9);
}

/** Work and exposed messages of all layers of a stage for one micro-batch, nothing recomputed. */
function layersTime(setup: TrainingSetup, coefficients: Coefficients, work: number): number {
  const pace = paceOf(setup, coefficients);
  const fabric = pacedFabric(setup.fabric, coefficients);
  const { exposeTensor, exposeExpert, exposeContext } = coefficients;
  let seconds = 0;
  for (const layer of setup.model.groups) {
    const { forward, backward } = layerTime(layer, setup, pace);
    const { tensor, expert, context } = layerMessages(layer, setup, fabric);
    const exposed =
      tensor * Math.min(1, exposeTensor) +
      expert * Math.min(1, exposeExpert) +
      context * Math.min(1, exposeContext);
    seconds += layer.count * ((total(forward) + total(backward)) * work + 2 * exposed);
  }
  return seconds / setup.plan.pipeline;
}

function total({ products, attention, streaming, launch }: PassTime): number {
  return products + attention + streaming + launch;
}

function withMicroBatch(setup: TrainingSetup, microBatch: number): TrainingSetup {
  return { ...setup, plan: { ...setup.plan, microBatch } };
}
