import { resolve } from "node:path";
import { readTaskFile, type TaskFile } from "../../data/index.ts";
import { openBase, type Base } from "../../intake/index.ts";
import { digestOf } from "../../kernel/index.ts";
import type { Task } from "../../schema/index.ts";
import type { OperationContext } from "../operation.ts";
import { intakePlace } from "./intake-place.ts";
import { loadData, type LoadedData } from "./load-data.ts";
import type { RoadInput } from "./road-options.ts";
import type { RoadRun } from "./road-run.ts";

/** What every later stage reads. */
export interface Prepared {
  readonly task: Task;
  readonly file: TaskFile;
  readonly base: Base;
  readonly data: LoadedData;
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

/** Loads the records and finds the base; both are in the ledger from here on. */
export async function prepareRoad(
  run: RoadRun,
  file: TaskFile,
  input: RoadInput,
): Promise<Prepared> {
  const { context } = run;
  const data = limitTest(
    await timed(run, "records", "read, check and split the records", () => loadData(file, context)),
    input.testRecords,
  );
  const { train, validation, test } = data.splits;
  run.record(
    "records",
    Object.fromEntries(data.files.map(({ name, sha256 }) => [name, sha256])),
    {
      key: digestOf({ task: file.digest }),
      digest: data.digest,
      cached: false,
      measured: {},
      files: [],
    },
    `${data.read} read, ${data.kept} kept: ${train.length} train, ${validation.length} validation, ${test.length} test`,
  );
  // A name on the command line is looked up from where it was typed, one in the task beside the task.
  const baseFolder = input.base === undefined ? file.folder : context.cwd;
  const base = await timed(run, "intake", `find the base ${file.task.base}`, () =>
    openBase(file.task.base, intakePlace(context, baseFolder)),
  );
  run.record(
    "intake",
    {},
    { key: base.sha256, digest: base.sha256, cached: false, measured: {}, files: [] },
    `${base.name}: ${base.config.family}, ${(base.bytes / 1e6).toFixed(0)} MB, ${base.licence?.name ?? "licence not stated"}`,
  );
  const notice = base.licence?.notice;
  if (notice !== undefined) context.emit({ kind: "warning", text: notice });
  return { task: file.task, file, base, data };
}

async function timed<T>(
  run: RoadRun,
  stage: string,
  about: string,
  work: () => Promise<T>,
): Promise<T> {
  run.stopIfInterrupted();
  run.context.emit({ kind: "stage-start", stage, about });
  return work();
}

function limitTest(data: LoadedData, count: number | undefined): LoadedData {
  if (count === undefined || data.splits.test.length <= count) return data;
  const splits = { ...data.splits, test: data.splits.test.slice(0, count) };
  return { ...data, splits, digest: digestOf([data.digest, count]) };
}
