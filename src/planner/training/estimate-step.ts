import {
  resolveCoefficients,
  type Circumstances,
  type Coefficients,
  type CoefficientTable,
} from "../efficiency/coefficients.ts";
import { rankParameters } from "../memory/rank-parameters.ts";
import { bubbleMicroBatches } from "../schedule/bubble.ts";
import { dataMessages } from "./data-messages.ts";
import { layerTime, logitsTime, paceOf, type PassTime } from "./layer-time.ts";
import { layerMessages, pacedFabric, stageMessage } from "./message-time.ts";
import { chipsOf, microBatchesOf, type TrainingSetup } from "./setup.ts";

/** Seconds of one optimizer step on the busiest rank, by where they go; `total` is their sum. */
export interface StepEstimate {
  readonly total: number;
  readonly products: number;
  readonly attention: number;
  readonly streaming: number;
  readonly launch: number;
  readonly recompute: number;
  readonly logits: number;
  readonly tensorWire: number;
  readonly expertWire: number;
  readonly contextWire: number;
  readonly pipelineWire: number;
  readonly dataWire: number;
  readonly bubble: number;
  readonly optimizer: number;
  readonly fixed: number;
  readonly straggle: number;
}

/** Bytes per parameter of an Adam step: fp32 weight and two moments read and written, gradient read, weight written. */
const optimizerBytes = 3 * 8 + 4 + 2;

/** Predicts one step from the laws and a table of coefficients. */
export function estimateStep(
  setup: TrainingSetup,
  circumstances: Circumstances,
  table: CoefficientTable,
): StepEstimate {
  const { coefficients, work } = resolveCoefficients(table, circumstances);
  return estimateWith(setup, coefficients, work);
}

/** As `estimateStep` with coefficients already resolved; `work` multiplies all that a chip does itself. */
export function estimateWith(
  setup: TrainingSetup,
  coefficients: Coefficients,
  work: number,
): StepEstimate {
  const { model, chip, plan } = setup;
  const pace = paceOf(setup, coefficients);
  const fabric = pacedFabric(setup.fabric, coefficients);
  const one = {
    products: 0,
    attention: 0,
    streaming: 0,
    launch: 0,
    recompute: 0,
    forward: 0,
    backward: 0,
  };
  const wire = { tensor: 0, expert: 0, context: 0 };
  const repeats = plan.recompute === "full" ? 1 : 0;
  for (const layer of model.groups) {
    const share = layer.count / plan.pipeline;
    const { forward, backward } = layerTime(layer, setup, pace);
    one.products += share * (forward.products + backward.products) * work;
    one.attention += share * (forward.attention + backward.attention) * work;
    one.streaming += share * (forward.streaming + backward.streaming) * work;
    one.launch += share * (forward.launch + backward.launch) * work;
    const repeated =
      plan.recompute === "selective" ? forward.attention : repeats * passTotal(forward);
    one.recompute += share * repeated * work;
    const messages = layerMessages(layer, setup, fabric);
    wire.tensor += share * messages.tensor * (2 + repeats);
    wire.expert += share * messages.expert * (2 + repeats);
    wire.context += share * messages.context * (2 + repeats);
  }
  const exposed = {
    tensor: wire.tensor * share(coefficients.exposeTensor),
    expert: wire.expert * share(coefficients.exposeExpert),
    context: wire.context * share(coefficients.exposeContext),
    pipeline:
      stageMessage(setup, fabric) * 2 * plan.interleave * share(coefficients.exposePipeline) +
      (plan.pipeline > 1 ? coefficients.stage * plan.interleave : 0),
  };
  const layers = one.products + one.attention + one.streaming + one.launch + one.recompute;
  const stage = layers + exposed.tensor + exposed.expert + exposed.context + exposed.pipeline;
  const head = logitsTime(setup, pace);
  const logits = (passTotal(head.forward) + passTotal(head.backward)) * work;
  const microBatches = microBatchesOf(plan);
  // A stage with the logits is the slowest unless it was given fewer layers; half of the excess is usually balanced.
  const heaviest = logits / (plan.pipeline > 1 && isBalanced(setup) ? plan.pipeline : 1);
  const idle = bubbleMicroBatches({
    stages: plan.pipeline,
    microBatches,
    interleave: plan.interleave,
    schedule: plan.schedule,
  });
  const parameters = rankParameters(model, plan);
  const data = dataMessages(setup, parameters, fabric, coefficients.messages);
  const hidden = share(
    setup.overlapsData ? coefficients.exposeDataOverlapped : coefficients.exposeData,
  );
  // Gradients leave during the last backward pass, weights return during the first forward pass.
  const window = layers;
  const dataPerMicroBatch =
    hidden * data.perMicroBatch + (1 - hidden) * Math.max(0, data.perMicroBatch - layers);
  const dataPerStep = hidden * data.perStep + (1 - hidden) * Math.max(0, data.perStep - window);
  const held =
    (parameters.dense + parameters.experts) / (plan.zero >= 1 ? plan.data * plan.context : 1);
  const optimizer = plan.trains.kind === "all" ? (held * optimizerBytes) / pace.memory : 0;
  const sum = microBatches;
  const parts = {
    products: sum * one.products,
    attention: sum * one.attention,
    streaming: sum * one.streaming,
    launch: sum * one.launch,
    recompute: sum * one.recompute,
    logits: sum * heaviest,
    tensorWire: sum * exposed.tensor,
    expertWire: sum * exposed.expert,
    contextWire: sum * exposed.context,
    pipelineWire: sum * exposed.pipeline,
    dataWire: sum * dataPerMicroBatch + dataPerStep,
    bubble: idle * (stage + heaviest / plan.pipeline),
    optimizer,
    fixed: coefficients.stepFixed,
  };
  const busy = Object.values(parts).reduce((total, part) => total + part, 0);
  const nodes = Math.max(1, chipsOf(plan) / setup.fabric.domain);
  const straggle = busy * coefficients.straggle * Math.log2(nodes);
  void chip;
  return { ...parts, straggle, total: busy + straggle };
}

function passTotal({ products, attention, streaming, launch }: PassTime): number {
  return products + attention + streaming + launch;
}

/** A fitted share may wander above 1 while it is searched. */
function share(value: number): number {
  return Math.min(1, value);
}

/** Layers that leave room for embedding and logits as two more, as 126 = 128 - 2 does. */
function isBalanced({ model, plan }: TrainingSetup): boolean {
  const layers = model.groups.reduce((total, { count }) => total + count, 0);
  const chunks = plan.pipeline * plan.interleave;
  return layers % chunks !== 0;
}
