/** A matrix in 8 bits: value = byte x scale of its column. */
export interface QuantizedColumns {
  readonly bytes: Int8Array;
  readonly scales: Float32Array;
}

/** Rounds a row-major matrix to -127 ... 127 with one scale per column. */
export function quantizeColumns(
  values: Float32Array,
  rows: number,
  columns: number,
): QuantizedColumns {
  // The largest magnitude of each column, then its inverse step: this loop sees every weight of a base.
  const inverse = new Float64Array(columns);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      const size = Math.abs(values[i] ?? 0);
      if (size > (inverse[column] ?? 0)) inverse[column] = size;
    }
  }
  const scales = Float32Array.from(inverse, (largest) => largest / 127 || 1);
  for (let column = 0; column < columns; column++) inverse[column] = 1 / (scales[column] ?? 1);
  const bytes = new Int8Array(rows * columns);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      bytes[i] = Math.round((values[i] ?? 0) * (inverse[column] ?? 0));
    }
  }
  return { bytes, scales };
}

/** A row-major matrix [rows, columns] turned to [columns, rows]. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0, to = row; column < columns; column++, i++, to += rows) {
      turned[to] = values[i] ?? 0;
    }
  }
  return turned;
}
