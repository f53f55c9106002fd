import type { AdapterPair } from "../schema/index.ts";

/**
 * Adds a low-rank pair to some rows of its matrix in place: W [rows, in] += scale · B [rows, rank] · A
 * [rank, in], where `values` starts at row `first` of W. Sums run in f64 in rank order and round once, so
 * the result depends neither on the machine nor on how the rows were cut.
 */
export function mergeRows(
  values: Float32Array,
  pair: AdapterPair,
  scale: number,
  first: number,
): void {
  const columns = pair.in;
  const rank = pair.a.length / columns;
  const sums = new Float64Array(columns);
  // `as number`: the lengths were checked against the base; a check per weight would cost half the time.
  for (let start = 0, row = first; start < values.length; start += columns, row++) {
    for (let i = 0; i < columns; i++) sums[i] = values[start + i] as number;
    for (let r = 0; r < rank; r++) {
      const factor = scale * (pair.b[row * rank + r] as number);
      const from = r * columns;
      for (let i = 0; i < columns; i++) {
        sums[i] = (sums[i] as number) + factor * (pair.a[from + i] as number);
      }
    }
    values.set(sums, start);
  }
}
