import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../disk/index.ts";
import { digestOf } from "../kernel/index.ts";
import type { ModelConfig, Weights } from "../schema/index.ts";
import { layOutBatch, type TokenRows } from "./batch.ts";
import { writeFrozenFile } from "./frozen-file.ts";
import { layOutAdapter, slotView, type AdapterLayout } from "./model/adapter-layout.ts";
import type { FrozenIndex } from "./model/frozen-weights.ts";
import { describeTrainingGraph, gradientName, needsWindow } from "./model/training-graph.ts";
import { encodeModel } from "./onnx/encode-model.ts";
import { openSession, type Feed, type GraphSession } from "./onnx-session.ts";
import type { PackedRow } from "./pack.ts";
import type { ResolvedTuneSettings } from "./tune-request.ts";

export interface TrainerOptions {
  readonly weights: Weights;
  readonly weightsDigest: string;
  readonly settings: Pick<ResolvedTuneSettings, "rank" | "alpha" | "modules">;
  readonly workFolder: string;
  readonly threads: number;
  readonly provider: string;
  /** Tokens per row. */
  readonly length: number;
  readonly table: TokenRows;
}

/** Loss summed over the given rows, and how many answer tokens it spans. */
export interface RunResult {
  readonly loss: number;
  readonly answerTokens: number;
  readonly tokens: number;
}

/** Frozen weights, graphs and sessions of one tuning. */
export interface Trainer extends AsyncDisposable {
  readonly layout: AdapterLayout;
  /** Adds weight x d(sum of losses) / d(values) to `gradient`; the returned loss is weighted too. */
  addGradient(
    rows: readonly PackedRow[],
    values: Float32Array,
    gradient: Float32Array,
    weight: number,
  ): Promise<RunResult>;
  /** Sum of the losses of all answer tokens. */
  measure(rows: readonly PackedRow[], values: Float32Array): Promise<RunResult>;
}

export async function openTrainer(options: TrainerOptions): Promise<Trainer> {
  const { weights, settings, length, table } = options;
  const { config } = weights;
  const folder = join(options.workFolder, `frozen-${options.weightsDigest.slice(0, 16)}`);
  mkdirSync(folder, { recursive: true });
  const frozen = writeFrozenFile(weights, folder);
  const layout = layOutAdapter(config, settings.rank, settings.modules);
  const scale = settings.alpha / settings.rank;
  const graph = { config, frozen, layout, scale, length };
  const open = (gradients: boolean) => openGraph({ ...graph, gradients }, folder, options);
  const window = needsWindow(config, length) ? config.localAttention?.window : undefined;
  let training: GraphSession | undefined;
  let measuring: GraphSession | undefined;
  return {
    layout,
    async addGradient(rows, values, gradient, weight) {
      const batch = layOutBatch(rows, length, table, weight, window);
      training ??= await open(true);
      const out = await training.run({ ...batch.feeds, ...parameterFeeds(layout, values) });
      for (const slot of layout.slots) {
        addInto(slotView(gradient, slot), out.get(gradientName(slot.name)));
      }
      return { ...batch, loss: out.get("loss")?.[0] ?? Number.NaN };
    },
    async measure(rows, values) {
      const batch = layOutBatch(rows, length, table, 1, window);
      measuring ??= await open(false);
      const out = await measuring.run({ ...batch.feeds, ...parameterFeeds(layout, values) });
      return { ...batch, loss: out.get("loss")?.[0] ?? Number.NaN };
    },
    async [Symbol.asyncDispose]() {
      await training?.[Symbol.asyncDispose]();
      await measuring?.[Symbol.asyncDispose]();
    },
  };
}

interface GraphOptions {
  readonly config: ModelConfig;
  readonly frozen: FrozenIndex;
  readonly layout: AdapterLayout;
  readonly scale: number;
  readonly length: number;
  readonly gradients: boolean;
}

async function openGraph(
  graph: GraphOptions,
  folder: string,
  { threads, provider }: TrainerOptions,
): Promise<GraphSession> {
  const { rank, modules } = graph.layout;
  const { scale, length, gradients } = graph;
  const name = digestOf({ rank, modules, scale, length, gradients }).slice(0, 16);
  const path = join(folder, `graph-${name}.onnx`);
  writeAtomically(path, [encodeModel(describeTrainingGraph(graph))]);
  return openSession(path, { threads, provider, prepack: false });
}

function parameterFeeds(layout: AdapterLayout, values: Float32Array): Record<string, Feed> {
  return Object.fromEntries(
    layout.slots.map((slot) => [slot.name, { values: slotView(values, slot), shape: slot.shape }]),
  );
}

function addInto(target: Float32Array, source: Float32Array | undefined): void {
  if (source?.length !== target.length) throw new TypeError("a gradient is missing or misshapen");
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + (source[i] ?? 0);
}
