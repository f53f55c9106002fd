import { join } from "node:path";
import { writeAtomically } from "../../disk/index.ts";
import { chooseClassical, trainClassical, type ClassicalModel } from "../../evaluate/index.ts";
import { answerGrammar } from "../../framing/index.ts";
import type { JsonObject } from "../../kernel/index.ts";
import type { FinishedStage } from "../../ledger/index.ts";
import { compileGrammar, openModel, type Model } from "../../runtime/index.ts";
import type { Precision, VariantName } from "../../schema/index.ts";
import { chooseShots, openBaseAnswerer } from "../answerers/base-answerer.ts";
import { openClassicalAnswerer } from "../answerers/classical-answerer.ts";
import { openTunedAnswerer } from "../answerers/tuned-answerer.ts";
import { versionOf } from "./machine.ts";
import type { Prepared } from "./prepare-road.ts";
import { modelFile } from "./quantize-stage.ts";
import type { RoadRun } from "./road-run.ts";
import { toJson } from "./tune-stage.ts";
import { measureVariant, type MeasuredVariant, type OpenVariant } from "./variant-stage.ts";

/** Raised when framing, decoding or the classical baselines change what they answer. */
const version = 6;
/** The file a classical baseline is kept in. */
export const classicalFile = "classical.json";

/** The classical baseline that suits the task, trained and measured; undefined when none does. */
export async function measureClassical(
  run: RoadRun,
  { task, data }: Prepared,
): Promise<MeasuredVariant | undefined> {
  const choice = chooseClassical(task.input, task.output);
  if (!task.variants.classical) return undefined;
  if (choice.kind === undefined) {
    run.context.emit({ kind: "note", text: choice.reason });
    return undefined;
  }
  const variant: VariantName = { id: "classical", label: "classical", kind: "classical" };
  return measureVariant(run, task, {
    variant: { ...variant, label: choice.reason.split(": ").at(-1) ?? variant.label },
    about: choice.reason,
    version,
    config: { input: toJson(task.input), output: toJson(task.output) },
    inputs: { records: data.digest },
    records: data.splits,
    open: async (folder) => {
      const { model } = trainClassical({
        records: data.splits.train,
        input: task.input,
        output: task.output,
        onProgress: (done, total) =>
          run.progress("evaluate-classical", Math.round((100 * done) / total), 100, "% trained"),
      });
      if (model === undefined) throw new TypeError("a chosen baseline was not trained");
      const kept = writeClassical(folder, model);
      return {
        answerer: openClassicalAnswerer(model, run.context.clock),
        memoryBytes: () => undefined,
        fileBytes: kept,
      };
    },
  });
}

function writeClassical(folder: string, model: ClassicalModel): number {
  const text = `${JSON.stringify(model.toJson())}\n`;
  writeAtomically(join(folder, classicalFile), [text]);
  return Buffer.byteLength(text);
}

/** The untouched base, told the job in words: with worked examples and without. A sample, for it is slow. */
export async function measureBase(
  run: RoadRun,
  prepared: Prepared,
  shots: number,
  threads: number,
): Promise<MeasuredVariant> {
  const { task, base, data } = prepared;
  const id = shots === 0 ? "base-zero-shot" : "base-few-shot";
  const worked = chooseShots(task, data.splits.train, shots);
  const { baseSample } = task.variants;
  return measureVariant(run, task, {
    variant: {
      id,
      kind: "base",
      label: shots === 0 ? "untouched base, zero-shot" : `untouched base, ${shots} examples`,
    },
    about: `${base.name} untuned on ${baseSample} test records${shots === 0 ? "" : `, ${worked.length} worked examples`}`,
    version,
    config: {
      shots: worked.map(({ id: shot }) => shot),
      baseSample,
      description: task.description,
      input: toJson(task.input),
      output: toJson(task.output),
      ...engineOf(threads),
    },
    inputs: { base: base.sha256, records: data.digest },
    records: {
      validation: data.splits.validation.slice(0, Math.ceil(baseSample / 2)),
      test: data.splits.test.slice(0, baseSample),
    },
    open: async () => {
      const model = await openForTask(run, base.path, threads);
      const automaton = compileGrammar(answerGrammar(task.output), model.tokenizer);
      return { answerer: openBaseAnswerer(model, automaton, task, worked), ...sizesOf(model) };
    },
  });
}

/** The tuned model at one precision. */
export async function measureTuned(
  run: RoadRun,
  { task, data }: Prepared,
  quantized: FinishedStage,
  precision: Precision,
  threads: number,
): Promise<MeasuredVariant> {
  return measureVariant(run, task, {
    variant: {
      id: `tuned-${precision.toLowerCase()}`,
      kind: "tuned",
      label: `tuned, ${precision}`,
    },
    about: `the tuned model at ${precision}, on all test records`,
    version,
    config: { input: toJson(task.input), output: toJson(task.output), ...engineOf(threads) },
    inputs: { quantize: quantized.digest, records: data.digest },
    records: data.splits,
    open: async () => {
      const model = await openForTask(run, join(quantized.folder, modelFile), threads);
      const automaton = compileGrammar(answerGrammar(task.output), model.tokenizer);
      return { answerer: openTunedAnswerer(model, automaton, task), ...sizesOf(model) };
    },
  });
}

async function openForTask(run: RoadRun, path: string, threads: number): Promise<Model> {
  return openModel(path, { threads, clock: run.context.clock });
}

function sizesOf(model: Model): Pick<OpenVariant, "memoryBytes" | "fileBytes"> {
  return { memoryBytes: () => model.memoryBytes, fileBytes: model.fileBytes };
}

/** What moves a model's answers in their last bits, or its times. */
function engineOf(threads: number): JsonObject {
  return { threads, engine: versionOf("node-llama-cpp") };
}
