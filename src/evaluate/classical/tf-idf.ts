import { packRows, mergeColumns, type SparseRows } from "./sparse.ts";

/** A fitted vocabulary of one view: its terms, and for each the merged column it belongs to. */
export interface Vocabulary {
  /** In code-unit order. */
  readonly terms: readonly string[];
  /** Term -> column. */
  readonly columnOf: Int32Array;
  /** Per column: how many equal terms it stands for. */
  readonly sizes: Int32Array;
  /** Per column: ln((1 + n) / (1 + df)) + 1, scikit-learn's smooth inverse document frequency. */
  readonly inverseFrequency: Float32Array;
}

/**
 * Learns a vocabulary from documents' terms and returns their TF-IDF rows, each of length 1. Of more
 * than `maxTerms` terms the most frequent are kept.
 */
export function fitTfIdf(
  documents: readonly (readonly string[])[],
  maxTerms: number,
): {
  readonly vocabulary: Vocabulary;
  readonly rows: readonly ReadonlyMap<number, number>[];
} {
  const frequency = new Map<string, number>();
  for (const terms of documents) {
    for (const term of new Set(terms)) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  }
  const terms = mostFrequent(frequency, maxTerms).sort(byCodeUnit);
  const ids = new Map(terms.map((term, id) => [term, id]));
  const counts = documents.map((document) => countTerms(document, ids));
  const { groupOf, sizes } = mergeColumns(counts, terms.length);
  const inverseFrequency = new Float32Array(sizes.length);
  for (const [id, term] of terms.entries()) {
    const seen = frequency.get(term) ?? 0;
    inverseFrequency[groupOf[id] ?? 0] = Math.log((1 + documents.length) / (1 + seen)) + 1;
  }
  const vocabulary = { terms, columnOf: groupOf, sizes, inverseFrequency };
  return { vocabulary, rows: counts.map((row) => weighTerms(row, vocabulary)) };
}

/** How often each known term (by id) occurs. */
export function countTerms(
  document: readonly string[],
  ids: ReadonlyMap<string, number>,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (const term of document) {
    const id = ids.get(term);
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/**
 * Column -> value of one document: count x inverse frequency, scaled to length 1 over its terms.
 * A column of m equal terms gets the sum of their values over sqrt(m), so that it works with the
 * merged column's weight; for a training document, that is their common value times sqrt(m).
 */
export function weighTerms(
  counts: ReadonlyMap<number, number>,
  vocabulary: Vocabulary,
): Map<number, number> {
  const row = new Map<number, number>();
  let squares = 0;
  for (const [id, count] of counts) {
    const column = vocabulary.columnOf[id] ?? 0;
    const value = count * (vocabulary.inverseFrequency[column] ?? 0);
    squares += value * value;
    row.set(column, (row.get(column) ?? 0) + value / Math.sqrt(vocabulary.sizes[column] ?? 1));
  }
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  for (const [column, value] of row) row.set(column, value * scale);
  return row;
}

/** Puts the columns of several views side by side. */
export function joinViews(
  views: readonly (readonly ReadonlyMap<number, number>[])[],
  widths: readonly number[],
): SparseRows {
  const rows = (views[0] ?? []).map((_, i) => {
    const joined = new Map<number, number>();
    let offset = 0;
    for (const [v, view] of views.entries()) {
      for (const [column, value] of view[i] ?? []) joined.set(offset + column, value);
      offset += widths[v] ?? 0;
    }
    return joined;
  });
  return packRows(
    rows,
    widths.reduce((total, width) => total + width, 0),
  );
}

function mostFrequent(frequency: ReadonlyMap<string, number>, maxTerms: number): string[] {
  const terms = [...frequency.keys()];
  if (terms.length <= maxTerms) return terms;
  const order = (a: string, b: string): number =>
    (frequency.get(b) ?? 0) - (frequency.get(a) ?? 0) || byCodeUnit(a, b);
  return terms.sort(order).slice(0, maxTerms);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
