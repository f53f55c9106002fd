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
  const scales = new Float32Array(columns);
  for (let i = 0; i < rows * columns; i++) {
    const column = i % columns;
    scales[column] = Math.max(scales[column] ?? 0, Math.abs(values[i] ?? 0));
  }
  for (let column = 0; column < columns; column++)
    scales[column] = (scales[column] ?? 0) / 127 || 1;
  const bytes = new Int8Array(rows * columns);
  for (let i = 0; i < rows * columns; i++) {
    bytes[i] = Math.round((values[i] ?? 0) / (scales[i % columns] ?? 1));
  }
  return { bytes, scales };
}

/** A row-major matrix [rows, columns] turned to [columns, rows]. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = values[row * columns + column] ?? 0;
    }
  }
  return turned;
}
