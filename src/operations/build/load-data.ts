import { readFileSync } from "node:fs";
import {
  checkSplits,
  joinRecords,
  readRecords,
  splitRecords,
  type TaskFile,
} from "../../data/index.ts";
import { findSourceFile } from "../../intake/index.ts";
import { digestOf, SampanError, type Digest } from "../../kernel/index.ts";
import type { SplitRecords } from "../../schema/index.ts";
import type { OperationContext } from "../operation.ts";
import { intakePlace } from "./intake-place.ts";

/** The most that is read whole. */
const maxDataBytes = 2_000_000_000;

export interface LoadedData {
  readonly splits: SplitRecords;
  readonly read: number;
  readonly kept: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** Changes when any record or its split does. */
  readonly digest: Digest;
  /** The same for the records that tuning sees. */
  readonly tuneDigest: Digest;
  readonly files: readonly {
    readonly name: string;
    readonly sha256: Digest;
    readonly bytes: number;
    readonly licence?: string;
    /** Of the module that reads it, where the task brings one. */
    readonly readerDigest?: Digest;
  }[];
}

/** Finds the task's data files, reads and checks their records, and splits them. */
export async function loadData(file: TaskFile, context: OperationContext): Promise<LoadedData> {
  const batches = [];
  const files = [];
  for (const source of file.task.data) {
    const found = await findSourceFile(source.file, {
      ...intakePlace(context, file.folder),
      name: source.name,
    });
    if (found.bytes > maxDataBytes) throw tooLarge(source.name, found.bytes);
    const batch = await readRecords(source, readFileSync(found.path), file.task, file.folder);
    batches.push(batch);
    const licence = source.licence === undefined ? {} : { licence: source.licence };
    const { readerDigest } = batch;
    const reader = readerDigest === undefined ? {} : { readerDigest };
    const { sha256, bytes } = found;
    files.push({ name: source.name, sha256, bytes, ...licence, ...reader });
  }
  const joined = joinRecords(batches.map(({ records }) => records));
  const splits = splitRecords(joined.records, file.task.splits);
  // Throws where a question stands in two splits; its advice is for `check`.
  checkSplits(splits, file.task);
  const dropped = addCounts([
    ...batches.map(({ counts }) => counts.dropped),
    ...batches.map(({ counts }): Record<string, number> =>
      counts.duplicates > 0 ? { "exact duplicate": counts.duplicates } : {},
    ),
    joined.dropped,
    joined.duplicates > 0 ? { "duplicate across sources": joined.duplicates } : {},
  ]);
  const ids = [splits.train, splits.validation, splits.test].map((split) =>
    split.map(({ id }) => id),
  );
  return {
    splits,
    read: batches.reduce((total, { counts }) => total + counts.read, 0),
    kept: joined.records.length,
    dropped,
    digest: digestOf(ids),
    tuneDigest: digestOf(ids.slice(0, 2)),
    files,
  };
}

function addCounts(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const counts of all) {
    for (const [reason, count] of Object.entries(counts))
      total[reason] = (total[reason] ?? 0) + count;
  }
  return total;
}

function tooLarge(name: string, bytes: number): SampanError {
  return new SampanError(
    "data-invalid",
    `${name} has ${bytes} bytes; ${maxDataBytes} are the most`,
    {
      hint: "A micro-model learns from thousands of records: draw a sample.",
    },
  );
}
