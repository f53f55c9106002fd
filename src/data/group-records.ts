import type { TaskRecord } from "../schema/index.ts";
import { normalisedDigest } from "./normalise-input.ts";

/**
 * Records that must stay in one split, by the name of their group: those of one declared group, those
 * whose inputs say the same, and whatever these two join. The name is the smallest among the joined.
 */
export function groupRecords(
  records: readonly TaskRecord[],
): ReadonlyMap<string, readonly TaskRecord[]> {
  const parents = new Map<string, string>();
  const keys = records.map((record) => {
    const declared = `group ${record.group}`;
    join(parents, declared, `input ${normalisedDigest(record.input)}`);
    return declared;
  });
  const groups = new Map<string, TaskRecord[]>();
  for (const [at, record] of records.entries()) {
    const name = rootOf(parents, keys[at] ?? "");
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [record]);
    else members.push(record);
  }
  return groups;
}

function rootOf(parents: Map<string, string>, key: string): string {
  let root = key;
  for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root))
    root = parent;
  // Paths are shortened as they are walked, or long chains would be walked again and again.
  for (let at = key; at !== root;) {
    const next = parents.get(at) ?? root;
    parents.set(at, root);
    at = next;
  }
  return root;
}

function join(parents: Map<string, string>, a: string, b: string): void {
  const [left, right] = [rootOf(parents, a), rootOf(parents, b)];
  if (left === right) return;
  const [low, high] = left < right ? [left, right] : [right, left];
  parents.set(high, low);
}
