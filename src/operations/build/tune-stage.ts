import { join } from "node:path";
import { answerGrammar, framePrompt, sourceTexts, writeAnswer } from "../../framing/index.ts";
import type { Base } from "../../intake/index.ts";
import type { Json, JsonObject } from "../../kernel/index.ts";
import type { FinishedStage, StageOutput } from "../../ledger/index.ts";
import {
  compileGrammar,
  decisionTracer,
  encodeExample,
  openTokenizer,
} from "../../runtime/index.ts";
import type { Task, TaskRecord, Tokenizer } from "../../schema/index.ts";
import { tune, type TuneExample, type TuneResult } from "../../tune/index.ts";
import { writeAdapterFiles } from "./adapter-files.ts";
import { allowedTokens } from "./allowed-tokens.ts";
import type { LoadedData } from "./load-data.ts";
import { versionOf } from "./machine.ts";
import { openWeights } from "./open-weights.ts";
import { numberIn, type RoadRun } from "./road-run.ts";

/** Raised when framing, allowed tokens or the training recipe change what is learned. */
const version = 4;

export interface TuneOptions {
  readonly threads: number;
  readonly seed: number;
  readonly provider: string;
}

/** Tunes an adapter on the training records; checkpoints survive a kill. */
export async function tuneStage(
  run: RoadRun,
  task: Task,
  base: Base,
  data: LoadedData,
  options: TuneOptions,
): Promise<FinishedStage> {
  return run.stage(
    {
      name: "tune",
      version,
      config: {
        settings: toJson(task.tune),
        seed: options.seed,
        provider: options.provider,
        // The f32 kernels split some products by the number of threads, and sums in another order differ.
        threads: options.threads,
        engine: versionOf("onnxruntime-node"),
        // Token ids, and so the decisions, are llama.cpp's.
        tokenizer: versionOf("node-llama-cpp"),
        input: toJson(task.input),
        output: toJson(task.output),
      },
      inputs: { base: base.sha256, records: data.tuneDigest },
      about: `low-rank adapters on ${base.name}, ${Math.min(task.tune.records ?? Infinity, data.splits.train.length)} records`,
      summarise: ({ value }) =>
        `validation loss ${numberIn(value, "validationLoss").toFixed(4)} after ${numberIn(value, "trainedTokens")} tokens`,
      resumes: true,
      scratch: ["work"],
    },
    (folder) => learn(folder, run, task, base, data, options),
  );
}

async function learn(
  folder: string,
  run: RoadRun,
  task: Task,
  base: Base,
  data: LoadedData,
  options: TuneOptions,
): Promise<StageOutput> {
  await using tokenizer = await openTokenizer(base.path);
  using open = openWeights(base.path);
  const unsayable: TaskRecord[] = [];
  const prepare = (records: readonly TaskRecord[]): TuneExample[] =>
    toExamples(task, records, tokenizer, (record) => unsayable.push(record));
  const train = prepare(data.splits.train);
  const validation = prepare(data.splits.validation);
  warnOfUnsayable(run, unsayable);
  const allowed = allowedTokens(task.output, [...train, ...validation], tokenizer);
  const result = await tune({
    weights: open.weights,
    weightsDigest: base.sha256,
    train,
    validation,
    allowed: allowed.length < open.weights.config.vocabulary ? allowed : undefined,
    settings: task.tune,
    seed: options.seed,
    threads: options.threads,
    workFolder: join(folder, "work"),
    // The store removes it with the work folder, once the stage is there.
    keepCheckpoint: true,
    provider: options.provider,
    clock: run.context.clock,
    signal: run.context.signal,
    onProgress: ({ step, steps, loss, tokensPerSecond, secondsLeft }) =>
      run.progress(
        "tune",
        step,
        steps,
        "steps",
        `loss ${loss.toFixed(3)}  ${tokensPerSecond.toFixed(0)} tokens/s  ${secondsLeft.toFixed(0)} s left`,
      ),
  });
  writeAdapterFiles(folder, result.adapter, open.weights.config, base.reference);
  return describeResult(result, allowed.length);
}

function warnOfUnsayable({ context }: RoadRun, records: readonly TaskRecord[]): void {
  const [first] = records;
  if (first === undefined) return;
  const many = records.length === 1 ? "1 record is" : `${records.length} records are`;
  const why =
    "an answer longer than 1,024 tokens, no whole words, or a character the base cannot write";
  const text = `${many} not tuned on, because decoding cannot say the answer (${why}): ${first.place}`;
  context.emit({ kind: "warning", text });
}

function describeResult(result: TuneResult, allowedTokens: number): StageOutput {
  const { settings, reasons, losses, stoppedEarly, trainedTokens } = result;
  const validationLoss = Math.min(
    ...losses.flatMap((point) => (point.validation === undefined ? [] : [point.validation])),
  );
  return {
    value: {
      settings: toJson(settings),
      reasons: toJson(reasons),
      losses: toJson(losses),
      stoppedEarly,
      trainedTokens,
      allowedTokens,
      validationLoss: Number.isFinite(validationLoss) ? validationLoss : 0,
    },
    measured: {
      tuneSeconds: result.seconds,
      tokensPerSecond: trainedTokens / Math.max(1e-9, result.seconds),
    },
  };
}

/**
 * Records as token ids, framed as the runtime will frame them. Under the loss `decisions` an answer ends with
 * its last decision; one that the grammar forces throughout teaches nothing and is left out. So is one that
 * cannot be said within the bounds of decoding: its loss would weigh more than all others and teach nothing.
 */
export function toExamples(
  task: Task,
  records: readonly TaskRecord[],
  tokenizer: Tokenizer,
  onUnsayable: (record: TaskRecord) => void = () => undefined,
): TuneExample[] {
  const automaton = compileGrammar(answerGrammar(task.output), tokenizer);
  const trace = decisionTracer(automaton, tokenizer);
  return records.flatMap((record): TuneExample[] => {
    const { id, input, output } = record;
    const text = writeAnswer(task.output, output);
    const { prompt, answer } = encodeExample(tokenizer, framePrompt(task.input, input), text);
    if (task.tune.loss === "tokens") return [{ id, prompt, answer: [...answer, tokenizer.eos] }];
    const traced = trace({ text, sources: sourceTexts(task.input, input) });
    if (traced === undefined) {
      onUnsayable(record);
      return [];
    }
    if (traced.decisions.length === 0) return [];
    return [{ id, prompt, answer: traced.tokens, decisions: traced.decisions }];
  });
}

/** A plain value as JSON, members that are undefined left out. */
export function toJson(value: object): JsonObject & Json {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
