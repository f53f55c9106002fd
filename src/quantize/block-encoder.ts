/** Turns f32 weights into ggml's blocks. */
export interface BlockEncoder {
  /** Whose code it is, for reports. */
  readonly name: string;
  /** Row-major weights [rows, columns] in a named encoding; the bytes are row-major too. */
  encode(encoding: string, values: Float32Array, columns: number): Promise<Uint8Array>;
}
