import { SampanError } from "../kernel/index.ts";
import type { SplitRecords, Task, TaskRecord } from "../schema/index.ts";
import { normalisedDigest } from "./normalise-input.ts";
import { show } from "./task-issue.ts";

/** Fewer than these make a figure that says little; counted for advice, not refused. */
const enough = { train: 50, validation: 20, test: 50 } as const;

/**
 * Proves that no question and no group stands in two splits (`split-leaks` otherwise), and returns
 * advice where a split is small or lacks classes. `splitRecords` never leaks; splits that come from
 * elsewhere may.
 */
export function checkSplits(splits: SplitRecords, task: Pick<Task, "output">): string[] {
  const seen = new Map<string, { readonly split: string; readonly record: TaskRecord }>();
  const leaks: string[] = [];
  for (const [split, record] of allRecords(splits)) {
    for (const key of [`group ${record.group}`, `input ${normalisedDigest(record.input)}`]) {
      const first = seen.get(key);
      if (first === undefined) seen.set(key, { split, record });
      else if (first.split !== split) {
        leaks.push(
          `${record.place} (${split}) and ${first.record.place} (${first.split}) ${
            key.startsWith("group") ? `share the group ${show(record.group)}` : "ask the same"
          }: ${show(record.input)}`,
        );
        break;
      }
    }
  }
  if (leaks.length > 0) {
    const more = leaks.length > 10 ? [`... and ${leaks.length - 10} more`] : [];
    throw new SampanError(
      "split-leaks",
      [`${leaks.length} records stand in two splits`, ...leaks.slice(0, 10), ...more].join("\n"),
      { hint: "Move each group into one split, or let Sampan split: it keeps groups whole." },
    );
  }
  return [...adviseSizes(splits), ...adviseClasses(splits, task)];
}

function* allRecords(splits: SplitRecords): Generator<[string, TaskRecord]> {
  for (const name of ["train", "validation", "test"] as const) {
    for (const record of splits[name]) yield [name, record];
  }
}

function adviseSizes(splits: SplitRecords): string[] {
  return (["train", "validation", "test"] as const)
    .filter((name) => splits[name].length < enough[name])
    .map(
      (name) =>
        `${name} has only ${splits[name].length} records; ${enough[name]} or more give figures that one can trust`,
    );
}

/** Classes that are asked for in the test and never shown in training. */
function adviseClasses(splits: SplitRecords, task: Pick<Task, "output">): string[] {
  const advice: string[] = [];
  for (const [name, field] of Object.entries(task.output.properties)) {
    if (!("enum" in field)) continue;
    const trained = new Set(splits.train.map(({ output }) => output[name]));
    const missing = field.enum.filter((label) => !trained.has(label));
    if (missing.length === 0) continue;
    const shown = missing.slice(0, 5).map(show).join(", ");
    const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
    advice.push(`no training record has ${name}: ${shown}${more}; add records or drop the label`);
  }
  return advice;
}
