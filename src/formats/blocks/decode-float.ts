import { halfTable } from "./half-table.ts";

/** F32: copied as they are. */
export function decodeF32(bytes: Uint8Array, out: Float32Array): void {
  new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes);
}

/** F16: IEEE half. */
export function decodeF16(bytes: Uint8Array, out: Float32Array): void {
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, out.length);
  for (let i = 0; i < out.length; i++) out[i] = halfTable[halves[i] ?? 0] ?? 0;
}

/** BF16: the upper 16 bits of an f32. */
export function decodeBF16(bytes: Uint8Array, out: Float32Array): void {
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, out.length);
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < out.length; i++) words[i] = (halves[i] ?? 0) << 16;
}
