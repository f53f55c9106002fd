import { resolve } from "node:path";
import { readTaskFile, type TaskFile } from "../../data/index.ts";
import { foreseeBase, openBase, type Base, type ForeseenBase } from "../../intake/index.ts";
import { digestOf, type Digest } from "../../kernel/index.ts";
import type { Task } from "../../schema/index.ts";
import type { OperationContext } from "../operation.ts";
import { intakePlace } from "./intake-place.ts";
import { loadData, type LoadedData } from "./load-data.ts";
import type { RoadInput } from "./road-options.ts";
import type { RoadRun } from "./road-run.ts";
import { settleSpans } from "./settle-spans.ts";

/** What every later stage reads. */
export interface Prepared {
  readonly task: Task;
  readonly file: TaskFile;
  readonly base: Base;
  readonly data: LoadedData;
  /** Settings of tuning that a flag of the command set, over the task's. */
  readonly flags: readonly string[];
}

/** The task with the flags laid over it. */
export async function readTask(input: RoadInput, context: OperationContext): Promise<TaskFile> {
  const file = await readTaskFile(resolve(context.cwd, input.task));
  const tune = {
    ...file.task.tune,
    ...(input.records === undefined ? {} : { records: input.records }),
    ...(input.epochs === undefined ? {} : { epochs: input.epochs }),
  };
  const base = input.base ?? file.task.base;
  return { ...file, task: { ...file.task, base, tune, seed: input.seed ?? file.task.seed } };
}

/**
 * Loads the records and finds the base; both are in the ledger from here on. `foresee` is told what the
 * build starts from as soon as it is known: of a base in the catalogue before it is fetched.
 */
export async function prepareRoad(
  run: RoadRun,
  file: TaskFile,
  input: RoadInput,
  foresee: (base: ForeseenBase, data: LoadedData) => void,
): Promise<Prepared> {
  const { context } = run;
  const read = await timed(run, "records", "read, check and split the records", () =>
    loadData(file, context),
  );
  const data = limitTest(read.value, input.testRecords);
  const { train, validation, test } = data.splits;
  const inputs = { task: file.digest, ...digestsOfFiles(data) };
  run.record(
    "records",
    inputs,
    { ...read.kept, key: digestOf({ inputs, test: test.length }), digest: data.digest },
    `${data.read} read, ${data.kept} kept: ${train.length} train, ${validation.length} validation, ${test.length} test`,
  );
  const foreseen = foreseeBase(file.task.base, context.home);
  if (foreseen !== undefined) foresee(foreseen, data);
  // A name on the command line is looked up from where it was typed, one in the task beside the task.
  const baseFolder = input.base === undefined ? file.folder : context.cwd;
  const found = await timed(run, "intake", `find the base ${file.task.base}`, () =>
    openBase(file.task.base, intakePlace(context, baseFolder)),
  );
  const base = found.value;
  run.record(
    "intake",
    {},
    { ...found.kept, key: base.sha256, digest: base.sha256 },
    `${base.name}: ${base.config.family}, ${(base.bytes / 1e6).toFixed(0)} MB, ${base.licence?.name ?? "licence not stated"}`,
  );
  if (foreseen === undefined) {
    foresee({ name: base.name, shape: base.config, bytesToFetch: 0 }, data);
  }
  const notice = base.licence?.notice;
  if (notice !== undefined) context.emit({ kind: "warning", text: notice });
  // Validation counts too: an answer that cannot be said would spoil the loss that chooses the adapter.
  return {
    task: settleSpans(file.task, [...train, ...validation]),
    file,
    base,
    data,
    flags: tuneFlags(input),
  };
}

function tuneFlags(input: RoadInput): string[] {
  return (["records", "epochs"] as const).filter((name) => input[name] !== undefined);
}

/** Each data file by its source's name, and beside it the module that read it. */
function digestsOfFiles({ files }: LoadedData): Readonly<Record<string, Digest>> {
  return Object.fromEntries(
    files.flatMap(({ name, sha256, readerDigest }): (readonly [string, Digest])[] => [
      [`data ${name}`, sha256],
      ...(readerDigest === undefined ? [] : [[`reader of ${name}`, readerDigest] as const]),
    ]),
  );
}

/** Does a step whose output is kept elsewhere, and times it. */
async function timed<T>(run: RoadRun, stage: string, about: string, work: () => Promise<T>) {
  run.stopIfInterrupted();
  const { emit, clock } = run.context;
  emit({ kind: "stage-start", stage, about });
  const start = clock();
  const value = await work();
  const measured = { seconds: (clock() - start) / 1000 };
  return { value, kept: { cached: false, measured, files: [] } };
}

function limitTest(data: LoadedData, count: number | undefined): LoadedData {
  if (count === undefined || data.splits.test.length <= count) return data;
  const splits = { ...data.splits, test: data.splits.test.slice(0, count) };
  return { ...data, splits, digest: digestOf([data.digest, count]) };
}
