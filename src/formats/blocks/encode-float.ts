/** F32: copied as they are. */
export function encodeF32(values: Float32Array, out: Uint8Array): void {
  out.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** F16: rounded to nearest, ties to even, as ggml_fp32_to_fp16. */
export function encodeF16(values: Float32Array, out: Uint8Array): void {
  new Float16Array(out.buffer, out.byteOffset, values.length).set(values);
}

/** BF16: rounded to nearest, ties to even; a NaN stays one. Source: ggml_compute_fp32_to_bf16. */
export function encodeBF16(values: Float32Array, out: Uint8Array): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(out.buffer, out.byteOffset, values.length);
  for (let i = 0; i < words.length; i++) {
    const bits = words[i] ?? 0;
    const isNaN = (bits & 0x7fffffff) > 0x7f800000;
    halves[i] = isNaN ? (bits >>> 16) | 64 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
  }
}
