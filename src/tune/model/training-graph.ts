import type { ModelConfig } from "../../schema/index.ts";
import { crossEntropy } from "../graph/cross-entropy.ts";
import { differentiate } from "../graph/differentiate.ts";
import { GraphBuilder, type Tensor } from "../graph/builder.ts";
import { shifted } from "../graph/elementwise.ts";
import { linear } from "../graph/linear.ts";
import { rmsNorm } from "../graph/rms-norm.ts";
import type { GraphDescription } from "../onnx/graph-description.ts";
import type { Arithmetic } from "../tune-request.ts";
import type { AdapterLayout } from "./adapter-layout.ts";
import { decode } from "./decoder.ts";
import { frozenTensor, type FrozenIndex } from "./frozen-weights.ts";
import { rotaryTables } from "./rotary-tables.ts";

export interface TrainingGraphOptions {
  readonly config: ModelConfig;
  readonly frozen: FrozenIndex;
  readonly layout: AdapterLayout;
  readonly arithmetic: Arithmetic;
  /** alpha / rank. */
  readonly scale: number;
  /** Tokens per row. */
  readonly length: number;
  /** What leaves the graph: the loss and its gradients, the loss alone, or the logits of the answers. */
  readonly result: "gradients" | "loss" | "logits";
  /** Whether each answer has its own rivals, instead of all of `head`. */
  readonly bounded: boolean;
}

/** The name under which the gradient of a parameter leaves the graph. */
export function gradientName(parameter: string): string {
  return `gradient:${parameter}`;
}

/** Whether rows are so long that a local layer's window shows. */
export function needsWindow(config: ModelConfig, length: number): boolean {
  return config.localAttention !== undefined && length > config.localAttention.window;
}

/**
 * The graph of one training step. In: embeddings [tokens, width], positions [rows, length], masks,
 * answers [n] (token indices whose next token is judged), targets [n, 1] and weights [n, 1], head
 * [allowed, width], where bounded `rivals` [n, allowed] (0 or -infinity), and the adapter matrices. Out: `loss`, and a gradient for each adapter matrix; or
 * `logits` [n, allowed].
 */
export function describeTrainingGraph(options: TrainingGraphOptions): GraphDescription {
  const { config, frozen, layout, arithmetic, scale, length } = options;
  const graph = new GraphBuilder();
  const embeddings = graph.input("embeddings", ["tokens", config.width]);
  const positions = graph.input("positions", ["rows", length], "int64");
  const mask = graph.input("mask", ["rows", 1, 1, length, length]);
  const localMask = needsWindow(config, length)
    ? graph.input("local-mask", ["rows", 1, 1, length, length])
    : mask;
  const answers = graph.input("answers", ["answers"], "int64");
  const targets = graph.input("targets", ["answers", 1], "int64");
  const weights = graph.input("weights", ["answers", 1]);
  const head = graph.input("head", ["allowed", config.width]);
  const parameters = new Map<string, Tensor>(
    layout.slots.map((slot) => [slot.name, graph.parameter(slot.name, slot.shape)]),
  );
  const hidden = decode(
    {
      graph,
      config,
      frozen,
      layout,
      arithmetic,
      scale,
      parameters,
      length,
      tables: {
        global: rotaryTables(graph, config, false, length, positions),
        local: rotaryTables(graph, config, true, length, positions),
      },
      masks: { global: mask, local: localMask },
    },
    embeddings,
    answers,
  );
  const last = rmsNorm(
    graph,
    hidden,
    frozenTensor(graph, frozen, "output_norm.weight"),
    config.normEpsilon,
  );
  const logits = linear(graph, last, head);
  if (options.result === "logits") return graph.finish({ logits });
  const judged = options.bounded
    ? shifted(graph, logits, graph.input("rivals", ["answers", "allowed"]))
    : logits;
  const loss = crossEntropy(graph, judged, targets, weights);
  if (options.result === "loss") return graph.finish({ loss });
  const names = [...parameters.keys()];
  const gradients = differentiate(graph, loss, [...parameters.values()]);
  const outputs = names.map((name, index): [string, Tensor] => [
    gradientName(name),
    gradients[index] ?? loss,
  ]);
  return graph.finish({ loss, ...Object.fromEntries(outputs) });
}
