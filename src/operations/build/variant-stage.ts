import type { Digest, Json, JsonObject } from "../../kernel/index.ts";
import { judge } from "../../evaluate/index.ts";
import type { FinishedStage } from "../../ledger/index.ts";
import type {
  Answerer,
  Measurement,
  Resources,
  Task,
  TaskRecord,
  VariantName,
} from "../../schema/index.ts";
import { readAnswers, writeAnswers } from "./answers-file.ts";
import { measureAnswerer } from "./measure-answerer.ts";
import { numberIn, type RoadRun } from "./road-run.ts";

export interface VariantStage {
  readonly variant: VariantName;
  readonly about: string;
  readonly version: number;
  readonly config: JsonObject;
  readonly inputs: Readonly<Record<string, Digest>>;
  readonly records: {
    readonly validation: readonly TaskRecord[];
    readonly test: readonly TaskRecord[];
  };
  /** Opened only when the stage has to run; `folder` takes what the variant wants kept. */
  readonly open: (folder: string) => Promise<OpenVariant>;
}

export interface OpenVariant {
  readonly answerer: Answerer;
  /** Asked after the answers, when the context is there. */
  readonly memoryBytes: () => number | undefined;
  readonly fileBytes: number | undefined;
}

export interface MeasuredVariant {
  readonly measurement: Measurement;
  readonly stage: FinishedStage;
}

/** Evaluates one variant on validation and test records, or takes the answers from the store. */
export async function measureVariant(
  run: RoadRun,
  task: Task,
  wanted: VariantStage,
): Promise<MeasuredVariant> {
  const { variant, records, about, version, config, inputs } = wanted;
  const name = stageOf(variant.id);
  const stage = await run.stage(
    {
      name,
      version,
      config,
      inputs,
      about,
      summarise: ({ value }) => describeAccuracy(value),
    },
    async (folder) => {
      const { answerer, memoryBytes, fileBytes } = await wanted.open(folder);
      await using _ = answerer;
      const { answers, resources } = await measureAnswerer(
        answerer,
        records,
        run.context.clock,
        (done, total) => {
          run.stopIfInterrupted();
          run.progress(name, done, total, "records");
        },
      );
      writeAnswers(folder, records, answers);
      const judged = records.test.map((record, i) => judgeAt(record, answers.test[i], task));
      const value = {
        test: records.test.length,
        correct: judged.filter(({ correct }) => correct).length,
      };
      return { value, measured: toJson({ ...resources, memoryBytes: memoryBytes(), fileBytes }) };
    },
  );
  const resources = readResources(stage.measured);
  const answers = readAnswers(stage.folder, resources.latencyP50);
  return {
    stage,
    measurement: {
      variant,
      resources,
      validation: records.validation.map((record, i) =>
        judgeAt(record, answers.validation[i], task),
      ),
      test: records.test.map((record, i) => judgeAt(record, answers.test[i], task)),
    },
  };
}

/** Name of the stage that measured a variant. */
export function stageOf(variantId: string): string {
  return `evaluate-${variantId}`;
}

function judgeAt(
  record: TaskRecord,
  answer: Measurement["test"][number]["answer"] | undefined,
  task: Task,
) {
  const none = { output: undefined, confidence: 0, milliseconds: 0, tokensIn: 0, tokensOut: 0 };
  return judge(record, answer ?? none, task.output);
}

function describeAccuracy(value: JsonObject): string {
  const [correct, test] = [numberIn(value, "correct"), numberIn(value, "test")];
  return `${((100 * correct) / Math.max(1, test)).toFixed(1)} % of ${test} test records right`;
}

/** JSON has no undefined: what was not measured is null. */
function toJson(resources: Resources): JsonObject {
  return Object.fromEntries(
    Object.entries(resources).map(([name, value]: [string, number | undefined]): [string, Json] => [
      name,
      value ?? null,
    ]),
  );
}

function readResources(measured: JsonObject): Resources {
  const optional = (name: string): number | undefined => {
    const value = measured[name];
    return typeof value === "number" ? value : undefined;
  };
  return {
    transactionsPerSecond: numberIn(measured, "transactionsPerSecond"),
    latencyP50: numberIn(measured, "latencyP50"),
    latencyP95: numberIn(measured, "latencyP95"),
    memoryBytes: optional("memoryBytes"),
    cpuSecondsPerTransaction: optional("cpuSecondsPerTransaction"),
    joulesPerTransaction: optional("joulesPerTransaction"),
    fileBytes: optional("fileBytes"),
  };
}
