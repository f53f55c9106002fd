import { digestOf, SampanError, type Digest, type JsonObject } from "../kernel/index.ts";
import type { DataSource, Task, TaskRecord } from "../schema/index.ts";
import { mergeRecords } from "./merge-records.ts";
import { checkText, maxRecords } from "./decode-text.ts";
import { mapRow, type Draft } from "./map-row.ts";
import { normalisedDigest } from "./normalise-input.ts";
import { readCsv } from "./read-csv.ts";
import { readJson, readJsonl } from "./read-json.ts";
import { builtInReaders } from "./reader-name.ts";
import { isRow, type Reject, type RowResult } from "./row.ts";
import { loadReader, runReader } from "./run-reader.ts";
import { validateRecord } from "./validate-record.ts";

/** What a data source gave, and what became of all of it. */
export interface RecordBatch {
  readonly records: readonly TaskRecord[];
  /** Records that were left out on purpose (contradictions); broken ones stop the reading. */
  readonly rejects: readonly Reject[];
  readonly counts: RecordCounts;
  /** sha256 of the reader module, where there is one: part of the data's identity. */
  readonly readerDigest?: Digest;
}

export interface RecordCounts {
  /** Records found in the file, before anything was left out. */
  readonly read: number;
  readonly kept: number;
  /** Exact doubles that were merged. */
  readonly duplicates: number;
  /** Left out, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** Broken records shown in one error. */
const shown = 10;

/**
 * Reads, maps, checks and cleans the records of one source. A broken record stops it with
 * `data-invalid` (the first ten and their count): nothing is dropped silently.
 */
export async function readRecords(
  source: DataSource,
  bytes: Uint8Array,
  task: Task,
  folder: string,
): Promise<RecordBatch> {
  const name = source.name;
  const drafts: Draft[] = [];
  const broken: Reject[] = [];
  const dropped: Record<string, number> = {};
  let readerDigest: Digest | undefined;
  if (builtInReaders.includes(source.reader)) {
    for await (const row of readRows(source.reader, bytes, name)) {
      const draft = isRow(row) ? mapRow(row, source, task) : row;
      if ("reason" in draft) broken.push(draft);
      else drafts.push(draft);
      if (drafts.length + broken.length > maxRecords) throw tooMany(name);
    }
  } else {
    const reader = await loadReader(source.reader, folder);
    readerDigest = reader.digest;
    let index = 0;
    for (const item of runReader(reader, bytes, source.reader)) {
      if ("drop" in item) dropped[item.drop] = (dropped[item.drop] ?? 0) + 1;
      else drafts.push({ ...item, place: `${name}:${item.place ?? index}` });
      index++;
    }
  }
  const checked = checkDrafts(drafts, task);
  broken.push(...checked.broken);
  if (broken.length > 0) throw brokenRecords(broken, name);
  const droppedBefore = Object.values(dropped).reduce((total, count) => total + count, 0);
  const merged = mergeRecords(checked.records);
  if (merged.records.length === 0) {
    throw new SampanError("data-invalid", `${name} has no records`, {
      hint: "Check that the file is the right one and that its reader suits it.",
    });
  }
  return {
    records: merged.records,
    rejects: merged.rejects,
    counts: {
      read: checked.records.length + droppedBefore,
      kept: merged.records.length,
      duplicates: merged.duplicates,
      dropped: { ...dropped, ...merged.dropped },
    },
    ...(readerDigest === undefined ? {} : { readerDigest }),
  };
}

async function* readRows(kind: string, raw: Uint8Array, name: string): AsyncGenerator<RowResult> {
  const bytes = checkText(raw, name);
  switch (kind) {
    case "csv":
    case "tsv":
      yield* readCsv(bytes, name, kind);
      break;
    case "json":
      yield* readJson(bytes, name);
      break;
    default:
      yield* readJsonl(bytes, name);
  }
}

interface Checked {
  readonly records: readonly TaskRecord[];
  readonly broken: readonly Reject[];
}

function checkDrafts(drafts: readonly Draft[], task: Task): Checked {
  const records: TaskRecord[] = [];
  const broken: Reject[] = [];
  for (const draft of drafts) {
    const issues = validateRecord(task, draft.input, draft.output);
    const [first] = issues;
    if (first !== undefined) {
      const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
      const reason = `${first.path} ${first.reason}${more}`;
      broken.push({ place: draft.place, reason, hint: first.hint });
      continue;
    }
    // Checked against the task's schemas just now.
    const [input, output] = [draft.input as JsonObject, draft.output as JsonObject];
    records.push({
      id: digestOf({ input, output }),
      input,
      output,
      group: draft.group ?? normalisedDigest(input),
      place: draft.place,
    });
  }
  return { records, broken };
}

function brokenRecords(broken: readonly Reject[], name: string): SampanError {
  const lines = broken
    .slice(0, shown)
    .map(({ place, reason, hint }) => `${place} ${reason}. ${hint}`);
  const rest = broken.length > shown ? [`... and ${broken.length - shown} more`] : [];
  const many = broken.length === 1 ? "1 record is broken" : `${broken.length} records are broken`;
  return new SampanError("data-invalid", [`${name}: ${many}`, ...lines, ...rest].join("\n"), {
    hint: "Correct them in the file (or leave them out of it); nothing is dropped silently.",
    details: { count: broken.length, broken: broken.slice(0, 100) },
  });
}

function tooMany(name: string): SampanError {
  return new SampanError("data-invalid", `${name} has more than ${maxRecords} records`, {
    hint: "A micro-model learns from thousands; draw a sample.",
  });
}
