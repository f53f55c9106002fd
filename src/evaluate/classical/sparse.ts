/** A sparse matrix by rows: row i holds entries `starts[i]` up to `starts[i + 1]`. */
export interface SparseRows {
  readonly columns: number;
  /** Length rows + 1. */
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** Packs rows of (column, value) entries; columns of a row in ascending order. */
export function packRows(
  rows: readonly ReadonlyMap<number, number>[],
  columns: number,
): SparseRows {
  const starts = new Int32Array(rows.length + 1);
  for (const [i, row] of rows.entries()) starts[i + 1] = (starts[i] ?? 0) + row.size;
  const indices = new Int32Array(starts.at(-1) ?? 0);
  const values = new Float64Array(indices.length);
  for (const [i, row] of rows.entries()) {
    const entries = [...row].sort(([a], [b]) => a - b);
    for (const [k, [column, value]] of entries.entries()) {
      indices[(starts[i] ?? 0) + k] = column;
      values[(starts[i] ?? 0) + k] = value;
    }
  }
  return { columns, starts, indices, values };
}

/** Columns whose entries are equal in every row, found together: what `mergeColumns` returns. */
export interface MergedColumns {
  /** Old column -> group. */
  readonly groupOf: Int32Array;
  /** How many columns a group stands for. */
  readonly sizes: Int32Array;
}

/**
 * Groups equal columns. Under an L2 penalty m equal columns act exactly as one column scaled by
 * sqrt(m), whose weight w gives each of them w / sqrt(m); n-grams of rare words are mostly such
 * columns, so a model shrinks several times without changing.
 */
export function mergeColumns(
  rows: readonly ReadonlyMap<number, number>[],
  columns: number,
): MergedColumns {
  const names = new Int32Array(columns);
  let groups = 1;
  for (const row of rows) {
    // Refine the partition: columns of this row leave their group for one named by (group, value).
    const moved = new Map<string, number>();
    for (const [column, value] of row) {
      const key = `${names[column] ?? 0}:${value}`;
      let group = moved.get(key);
      if (group === undefined) moved.set(key, (group = groups++));
      names[column] = group;
    }
  }
  const groupOf = renumber(names);
  const sizes = new Int32Array(1 + groupOf.reduce((most, group) => Math.max(most, group), -1));
  for (const group of groupOf) sizes[group] = (sizes[group] ?? 0) + 1;
  return { groupOf, sizes };
}

/** Groups in the order of their first column, without gaps. */
function renumber(groupOf: Int32Array): Int32Array {
  const names = new Map<number, number>();
  const result = new Int32Array(groupOf.length);
  for (const [column, group] of groupOf.entries()) {
    let name = names.get(group);
    if (name === undefined) names.set(group, (name = names.size));
    result[column] = name;
  }
  return result;
}
