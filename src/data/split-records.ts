import { SampanError, sha256 } from "../kernel/index.ts";
import type { SplitRecords, Splits, TaskRecord } from "../schema/index.ts";
import { groupRecords } from "./group-records.ts";

type SplitName = keyof SplitRecords;

interface Group {
  /** Uniform in [0, 1): from sha256(seed, name). */
  readonly rank: number;
  readonly name: string;
  readonly records: readonly TaskRecord[];
}

/**
 * Divides records into test, validation and train. A group's place on the line from 0 to 1 is a hash
 * of the seed and its name: a share takes all groups below it, so records that come later move no
 * earlier one; a number takes groups in that order until it is full. Groups stay whole, and inputs
 * that differ only in capitals, spaces or punctuation are one group. Each split is sorted by id.
 */
export function splitRecords(records: readonly TaskRecord[], splits: Splits): SplitRecords {
  const groups = rankGroups(records, splits.seed);
  const test = take(groups, splits.test, 0);
  const start = splits.test < 1 ? splits.test : 0;
  const rest = groups.filter((group) => !test.has(group));
  const validation = take(rest, splits.validation, start);
  const train = rest.filter((group) => !validation.has(group));
  const result: SplitRecords = {
    train: sortRecords(train),
    validation: sortRecords([...validation]),
    test: sortRecords([...test]),
  };
  checkSizes(result, splits, groups.length);
  return result;
}

function rankGroups(records: readonly TaskRecord[], seed: number): readonly Group[] {
  const groups = [...groupRecords(records)].map(([name, members]) => ({
    name,
    records: members,
    rank: Number.parseInt(sha256(JSON.stringify([seed, name])).slice(0, 12), 16) / 2 ** 48,
  }));
  return groups.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
}

/** Groups of one split: those whose rank lies in [start, start + share), or the first that fill a number. */
function take(groups: readonly Group[], amount: number, start: number): ReadonlySet<Group> {
  if (amount < 1)
    return new Set(groups.filter(({ rank }) => rank >= start && rank < start + amount));
  const taken = new Set<Group>();
  let count = 0;
  for (const group of groups) {
    if (count >= amount) break;
    // A large group that would overshoot is left to the next split.
    if (count + group.records.length > amount) continue;
    taken.add(group);
    count += group.records.length;
  }
  return taken;
}

function sortRecords(groups: readonly Group[]): readonly TaskRecord[] {
  const records = groups.flatMap((group) => [...group.records]);
  return records.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function checkSizes(result: SplitRecords, splits: Splits, groups: number): void {
  const total = result.train.length + result.validation.length + result.test.length;
  const names: readonly SplitName[] = ["test", "validation", "train"];
  const empty = names.find((name) => result[name].length === 0);
  if (empty === undefined) return;
  const sizes = names.map((name) => `${name} ${result[name].length}`).join(", ");
  const found = `the ${empty} split is empty (${total} records in ${groups} groups: ${sizes})`;
  throw new SampanError("data-invalid", found, { hint: remedyFor(total, groups, splits) });
}

function remedyFor(total: number, groups: number, splits: Splits): string {
  if (total < 6) return "Add records: three splits need some each.";
  if (groups < 6) {
    return "Groups stay whole, and there are too few of them: group by a finer column, or by none.";
  }
  const [test, validation] = [Math.floor(total / 5), Math.max(1, Math.floor(total / 10))];
  return `splits asks for test: ${splits.test} and validation: ${splits.validation}; numbers that fit are test: ${test} and validation: ${validation}.`;
}
