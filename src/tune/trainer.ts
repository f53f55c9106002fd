import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../disk/index.ts";
import { digestOf } from "../kernel/index.ts";
import type { Weights } from "../schema/index.ts";
import { layOutBatch, type Batch, type TokenRows } from "./batch.ts";
import { writeFrozenFile } from "./frozen-file.ts";
import { layOutAdapter, slotView, type AdapterLayout } from "./model/adapter-layout.ts";
import {
  describeTrainingGraph,
  gradientName,
  needsWindow,
  type TrainingGraphOptions,
} from "./model/training-graph.ts";
import { encodeModel } from "./onnx/encode-model.ts";
import { openSession, type Feed, type GraphSession } from "./onnx-session.ts";
import type { PackedRow } from "./pack.ts";
import type { Arithmetic, ResolvedTuneSettings } from "./tune-request.ts";

export interface TrainerOptions {
  readonly weights: Weights;
  readonly weightsDigest: string;
  readonly settings: Pick<ResolvedTuneSettings, "rank" | "alpha" | "modules">;
  readonly arithmetic: Arithmetic;
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
  /** Logits over the allowed tokens [answer tokens, allowed], examples in the order of the rows. */
  score(rows: readonly PackedRow[], values: Float32Array): Promise<Float32Array>;
}

export async function openTrainer(options: TrainerOptions): Promise<Trainer> {
  const { weights, settings, length, table } = options;
  const { config } = weights;
  const folder = join(options.workFolder, `frozen-${options.weightsDigest.slice(0, 16)}`);
  mkdirSync(folder, { recursive: true });
  const { arithmetic } = options;
  const frozen = writeFrozenFile(weights, folder, arithmetic);
  const layout = layOutAdapter(config, settings.rank, settings.modules);
  const scale = settings.alpha / settings.rank;
  const { bounded } = table;
  const graph = { config, frozen, layout, arithmetic, scale, length, bounded };
  const sessions = new Map<GraphResult, GraphSession>();
  const run = async (result: GraphResult, batch: Batch, values: Float32Array) => {
    const session =
      sessions.get(result) ?? (await openGraph({ ...graph, result }, folder, options));
    sessions.set(result, session);
    return session.run({ ...batch.feeds, ...parameterFeeds(layout, values) });
  };
  const window = needsWindow(config, length) ? config.localAttention?.window : undefined;
  const layOut = (rows: readonly PackedRow[], weight: number) =>
    layOutBatch(rows, length, table, weight, window);
  return {
    layout,
    async addGradient(rows, values, gradient, weight) {
      const batch = layOut(rows, weight);
      const out = await run("gradients", batch, values);
      for (const slot of layout.slots) {
        addInto(slotView(gradient, slot), out.get(gradientName(slot.name)));
      }
      return { ...batch, loss: out.get("loss")?.[0] ?? Number.NaN };
    },
    async measure(rows, values) {
      const batch = layOut(rows, 1);
      const out = await run("loss", batch, values);
      return { ...batch, loss: out.get("loss")?.[0] ?? Number.NaN };
    },
    async score(rows, values) {
      const out = await run("logits", layOut(rows, 1), values);
      return out.get("logits") ?? new Float32Array();
    },
    async [Symbol.asyncDispose]() {
      for (const session of sessions.values()) await session[Symbol.asyncDispose]();
    },
  };
}

type GraphOptions = TrainingGraphOptions;

type GraphResult = TrainingGraphOptions["result"];

async function openGraph(
  graph: GraphOptions,
  folder: string,
  { threads, provider }: TrainerOptions,
): Promise<GraphSession> {
  const { rank, modules } = graph.layout;
  const { arithmetic, scale, length, result, bounded } = graph;
  const form = { rank, modules, arithmetic, scale, length, result, bounded };
  const name = digestOf(form).slice(0, 16);
  const path = join(folder, `graph-${name}.onnx`);
  writeAtomically(path, [encodeModel(describeTrainingGraph(graph))]);
  return openSession(path, { threads, provider, prepack: arithmetic === "int8" });
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
