import type { ModelConfig, Projection } from "../../schema/index.ts";
import type { Arithmetic } from "../tune-request.ts";
import { attention } from "../graph/attention.ts";
import type { GraphBuilder, Tensor } from "../graph/builder.ts";
import { add } from "../graph/elementwise.ts";
import { gatedActivation } from "../graph/gated-activation.ts";
import { linear } from "../graph/linear.ts";
import { quantizedLinear } from "../graph/quantized-linear.ts";
import { rmsNorm } from "../graph/rms-norm.ts";
import { rotate, type RotaryTables } from "../graph/rotary.ts";
import { gatherRows, reshape, splitColumns } from "../graph/shaping.ts";
import { matrixName, type AdapterLayout } from "./adapter-layout.ts";
import { frozenQuantized, frozenTensor, type FrozenIndex } from "./frozen-weights.ts";
import { isLocal } from "./rotary-tables.ts";

/** What every layer of one graph shares. */
export interface DecoderContext {
  readonly graph: GraphBuilder;
  readonly config: ModelConfig;
  readonly frozen: FrozenIndex;
  readonly layout: AdapterLayout;
  readonly arithmetic: Arithmetic;
  /** alpha / rank. */
  readonly scale: number;
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** Tokens per row. */
  readonly length: number;
  readonly tables: { readonly global: RotaryTables; readonly local: RotaryTables };
  /** [rows, 1, 1, length, length], 0 where a token may look and -infinity where not. */
  readonly masks: { readonly global: Tensor; readonly local: Tensor };
}

/**
 * The hidden states of the tokens `chosen` [n] after all layers, before the last norm: [n, width]. The last
 * layer computes only what those need: keys and values of every token, the rest of the chosen.
 */
export function decode(context: DecoderContext, embeddings: Tensor, chosen: Tensor): Tensor {
  const { graph, config } = context;
  let x = embeddings;
  for (let layer = 0; layer < config.layers; layer++) {
    let mixed = mix(context, layer, norm(context, layer, x, "attn_norm"));
    if (layer === config.layers - 1) {
      [x, mixed] = [gatherRows(graph, x, chosen), gatherRows(graph, mixed, chosen)];
    }
    const attended = onlyOne(project(context, layer, mixed, ["o"]));
    x = addBranch(context, layer, x, attended, "post_attention_norm");
    const fed = feedForward(context, layer, norm(context, layer, x, "ffn_norm"));
    x = addBranch(context, layer, x, fed, "post_ffw_norm");
  }
  return x;
}

/** x + y, with a norm on y in families that have a second one. */
function addBranch(
  context: DecoderContext,
  layer: number,
  x: Tensor,
  y: Tensor,
  after: string,
): Tensor {
  return add(context.graph, x, context.config.sandwichNorm ? norm(context, layer, y, after) : y);
}

/** Attention up to the mixed values of the heads [tokens, heads x headWidth]. */
function mix(context: DecoderContext, layer: number, x: Tensor): Tensor {
  const { graph, config, length } = context;
  const kind = isLocal(config, layer) ? "local" : "global";
  const [q, k, v] = project(context, layer, x, ["q", "k", "v"]);
  if (q === undefined || k === undefined || v === undefined) throw new TypeError("no q, k, v");
  const turn = (part: Tensor, name: string) =>
    rotate(
      graph,
      config.headNorm ? normHeads(context, layer, part, name) : part,
      context.tables[kind],
    );
  const { heads, kvHeads, headWidth, attentionScale: scale } = config;
  return attention(
    graph,
    { q: turn(q, "attn_q_norm"), k: turn(k, "attn_k_norm"), v },
    context.masks[kind],
    { length, heads, kvHeads, headWidth, scale },
  );
}

function feedForward(context: DecoderContext, layer: number, x: Tensor): Tensor {
  const [gate, up] = project(context, layer, x, ["gate", "up"]);
  if (gate === undefined || up === undefined) throw new TypeError("no gate, up");
  const hidden = gatedActivation(context.graph, gate, up, context.config.activation);
  return onlyOne(project(context, layer, hidden, ["down"]));
}

/** Projections of one input: W x (+ bias) + scale B A x, the As of the group in one product. */
function project(
  context: DecoderContext,
  layer: number,
  x: Tensor,
  projections: readonly Projection[],
): readonly Tensor[] {
  const { graph, layout, scale, parameters } = context;
  const group = layout.layers[layer]?.find((candidate) =>
    candidate.projections.some((projection) => projections.includes(projection)),
  );
  const parameter = (name: string | undefined) => parameters.get(name ?? "");
  const a = parameter(group?.a.name);
  const low =
    group === undefined || a === undefined
      ? []
      : splitColumns(
          graph,
          linear(graph, x, a),
          group.projections.map(() => layout.rank),
        );
  const plain = projectPlainly(context, layer, x, projections);
  return projections.map((projection, index) => {
    const y = onlyOne(plain.slice(index));
    const b = parameter(group?.b.get(projection)?.name);
    const place = group?.projections.indexOf(projection) ?? -1;
    const reduced = low[place];
    if (b === undefined || reduced === undefined) return y;
    return linear(graph, reduced, b, { plus: y, scale });
  });
}

/** The frozen part of `project`: W x (+ bias), in the arithmetic of the context. */
function projectPlainly(
  { graph, frozen, arithmetic }: DecoderContext,
  layer: number,
  x: Tensor,
  projections: readonly Projection[],
): readonly Tensor[] {
  const names = projections.map((projection) => matrixName(layer, projection));
  const biases = names
    .map((name) => name.replace(/weight$/, "bias"))
    .map((name) => (frozen.places.has(name) ? frozenTensor(graph, frozen, name) : undefined));
  if (arithmetic === "f32") {
    return names.map((name, index) => {
      const bias = biases[index];
      const w = frozenTensor(graph, frozen, name);
      return linear(graph, x, w, bias === undefined ? {} : { plus: bias });
    });
  }
  const matrices = names.map((name) => frozenQuantized(graph, frozen, name));
  return quantizedLinear(graph, x, matrices).map((y, index) => {
    const bias = biases[index];
    return bias === undefined ? y : add(graph, y, bias);
  });
}

function norm(context: DecoderContext, layer: number, x: Tensor, part: string): Tensor {
  const weight = frozenTensor(context.graph, context.frozen, `blk.${layer}.${part}.weight`);
  return rmsNorm(context.graph, x, weight, context.config.normEpsilon);
}

/** RMS norm of each head apart. */
function normHeads(context: DecoderContext, layer: number, x: Tensor, part: string): Tensor {
  const heads = reshape(context.graph, x, ["head-tokens", context.config.headWidth]);
  return reshape(context.graph, norm(context, layer, heads, part), x.shape);
}

function onlyOne(tensors: readonly Tensor[]): Tensor {
  const [tensor] = tensors;
  if (tensor === undefined) throw new TypeError("no projection");
  return tensor;
}
