import { canonicalJson, SampanError } from "../kernel/index.ts";
import type { TaskRecord } from "../schema/index.ts";
import { show } from "./task-issue.ts";
import type { Reject } from "./row.ts";

/** Share of records that may contradict one another before the build stops. */
const toleratedContradictions = 0.01;

export interface MergedRecords {
  readonly records: readonly TaskRecord[];
  readonly rejects: readonly Reject[];
  readonly duplicates: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/**
 * One record per input. Exact doubles are merged (the first stays). Where one input has several
 * outputs nobody can say which is right: below 1 % of the records all of them are left out and
 * counted; above, the labelling itself is in doubt, and `data-invalid` lists them.
 */
export function mergeRecords(records: readonly TaskRecord[]): MergedRecords {
  const byInput = new Map<string, Map<string, TaskRecord>>();
  let duplicates = 0;
  for (const record of records) {
    const key = canonicalJson(record.input);
    const same = byInput.get(key);
    if (same === undefined) byInput.set(key, new Map([[record.id, record]]));
    else if (same.has(record.id)) duplicates++;
    else same.set(record.id, record);
  }
  const kept: TaskRecord[] = [];
  const contradictions: TaskRecord[][] = [];
  for (const same of byInput.values()) {
    const all = [...same.values()];
    const [first] = all;
    if (all.length > 1) contradictions.push(all);
    else if (first !== undefined) kept.push(first);
  }
  if (contradictions.length === 0) return { records: kept, rejects: [], duplicates, dropped: {} };
  const rejects = contradictions.flatMap(explain);
  if (rejects.length > toleratedContradictions * (kept.length + rejects.length)) {
    throw contradictory(rejects, contradictions.length);
  }
  return {
    records: kept,
    rejects,
    duplicates,
    dropped: { "one input with different outputs": rejects.length },
  };
}

function explain(same: readonly TaskRecord[]): Reject[] {
  return same.map((record) => {
    const other = same.find(({ id }) => id !== record.id) ?? record;
    return {
      place: record.place,
      reason: `has the output ${show(record.output)}, but ${other.place} gives the same input ${show(other.output)}`,
      hint: "Decide which is right and delete the other.",
    };
  });
}

function contradictory(rejects: readonly Reject[], inputs: number): SampanError {
  const lines = rejects.slice(0, 10).map(({ place, reason }) => `${place} ${reason}`);
  const rest = rejects.length > 10 ? [`... and ${rejects.length - 10} more`] : [];
  const head = `${rejects.length} records contradict one another (${inputs} inputs)`;
  return new SampanError("data-invalid", [head, ...lines, ...rest].join("\n"), {
    hint: "Decide which output is right; or add the input property that tells the two apart.",
    details: { count: rejects.length, rejects: rejects.slice(0, 100) },
  });
}

/** Joins the batches of several sources into one list, with the same care as within one source. */
export function joinRecords(batches: readonly (readonly TaskRecord[])[]): MergedRecords {
  return mergeRecords(batches.flat());
}
