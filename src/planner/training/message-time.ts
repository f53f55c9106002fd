import type { LayerGroup } from "../../schema/index.ts";
import type { Coefficients } from "../efficiency/coefficients.ts";
import { allReduce, allToAll, ringAllGather, sendTo } from "../wires/collectives.ts";
import { pathOf, type Fabric, type Path } from "../wires/fabric.ts";
import type { TrainingSetup } from "./setup.ts";

/** Seconds of one micro-batch's messages of one layer in one direction (forward); backward sends as much. */
export interface LayerMessages {
  readonly tensor: number;
  readonly expert: number;
  readonly context: number;
}

/** The wires with the fitted factors on their efficiency. */
export function pacedFabric(fabric: Fabric, coefficients: Coefficients): Fabric {
  return {
    ...fabric,
    up: { ...fabric.up, efficiency: Math.min(1, fabric.up.efficiency * coefficients.wireUp) },
    out: { ...fabric.out, efficiency: Math.min(1, fabric.out.efficiency * coefficients.wireOut) },
  };
}

/** Messages inside one layer, one way, before any is hidden behind work. */
export function layerMessages(
  layer: LayerGroup,
  setup: TrainingSetup,
  fabric: Fabric,
): LayerMessages {
  const { model, plan } = setup;
  const tokens = (plan.microBatch * plan.sequence) / plan.context;
  const activations = tokens * model.width * 2;
  const { attention, feedForward } = layer;
  const tensorPath = pathOf(fabric, plan.tensor, 1);
  // One all-reduce (or a gather and a scatter, which move as much) after the mixer and one after the feed-forward;
  // experts that are not tensor-parallel need none of their own.
  const blocks =
    (attention.kind === "none" ? 0 : 1) +
    (feedForward.kind === "dense" || (feedForward.kind === "experts" && feedForward.sharedWidth > 0)
      ? 1
      : 0);
  const tensor = plan.tensor === 1 ? 0 : blocks * allReduce(activations, plan.tensor, tensorPath);
  return {
    tensor,
    expert: expertMessages(layer, setup, fabric, tokens),
    context: contextMessages(layer, setup, fabric, tokens),
  };
}

/** Dispatch and combine: each rank's tokens travel to the experts they chose and back. */
function expertMessages(
  { feedForward }: LayerGroup,
  { model, plan }: TrainingSetup,
  fabric: Fabric,
  tokens: number,
): number {
  if (feedForward.kind !== "experts" || plan.expert * plan.expertTensor === 1) return 0;
  const width = feedForward.latentWidth ?? model.width;
  const sent = ((tokens / plan.tensor) * feedForward.topK * width * 2) as number;
  const gathered =
    plan.expertTensor === 1
      ? 0
      : 2 *
        ringAllGather(
          sent * plan.expertTensor,
          plan.expertTensor,
          pathOf(fabric, plan.expertTensor, 1),
        );
  if (plan.expert === 1) return gathered;
  const inside = Math.min(plan.expert, fabric.domain);
  const up = pathOf(fabric, inside, 1);
  if (inside === plan.expert) return gathered + 2 * allToAll(sent, plan.expert, up);
  // A token crosses to a node once, however many of its experts live there.
  const nodes = plan.expert / inside;
  const distinct = nodes * (1 - (1 - 1 / nodes) ** feedForward.topK);
  const crossing: Path = {
    bandwidth: fabric.out.bandwidth * fabric.out.efficiency,
    latency: fabric.out.latency,
    crosses: true,
  };
  const between = allToAll((sent * distinct) / feedForward.topK, nodes, crossing);
  return gathered + 2 * Math.max(between, allToAll(sent, inside, up));
}

/** Keys and values pass round a ring of the context-parallel ranks. */
function contextMessages(
  { attention }: LayerGroup,
  { plan }: TrainingSetup,
  fabric: Fabric,
  tokens: number,
): number {
  if (plan.context === 1 || attention.kind === "none" || attention.kind === "recurrent") return 0;
  const channels =
    attention.kind === "grouped"
      ? 2 * attention.kvHeads * attention.headWidth
      : attention.heads * (attention.nopeWidth + attention.ropeWidth + attention.valueWidth);
  const bytes = (tokens * channels * 2) / plan.tensor;
  return ringAllGather(
    bytes * plan.context,
    plan.context,
    pathOf(fabric, plan.context, plan.tensor),
  );
}

/** One activation between neighbouring stages. */
export function stageMessage({ model, plan }: TrainingSetup, fabric: Fabric): number {
  if (plan.pipeline === 1) return 0;
  const tokens = (plan.microBatch * plan.sequence) / plan.context;
  const stride = plan.tensor * plan.context * plan.data;
  const path = pathOf(fabric, 2, stride);
  return sendTo((tokens * model.width * 2) / plan.tensor, path);
}
