import { mergeColumns, packRows, type SparseRows } from "./sparse.ts";

/** The known features and the merged column of each. */
export interface FeatureTable {
  readonly names: readonly string[];
  readonly columnOf: Int32Array;
  /** Per column: how many equal features it stands for. */
  readonly sizes: Int32Array;
}

/** Learns the features of all training tokens. */
export function fitFeatures(tokens: readonly (readonly string[])[]): FeatureTable {
  const ids = new Map<string, number>();
  const rows = tokens.map((features) => {
    const row = new Map<number, number>();
    for (const name of features) {
      let id = ids.get(name);
      if (id === undefined) ids.set(name, (id = ids.size));
      row.set(id, 1);
    }
    return row;
  });
  const { groupOf, sizes } = mergeColumns(rows, ids.size);
  return { names: [...ids.keys()], columnOf: groupOf, sizes };
}

/** The rows of tokens; features never seen in training are left out. */
export function encodeTokens(
  tokens: readonly (readonly string[])[],
  ids: ReadonlyMap<string, number>,
  { columnOf, sizes }: FeatureTable,
): SparseRows {
  const rows = tokens.map((features) => {
    const row = new Map<number, number>();
    for (const name of new Set(features)) {
      const id = ids.get(name);
      if (id === undefined) continue;
      const column = columnOf[id] ?? 0;
      row.set(column, (row.get(column) ?? 0) + 1 / Math.sqrt(sizes[column] ?? 1));
    }
    return row;
  });
  return packRows(rows, sizes.length);
}
