import { halfTable } from "./half-table.ts";

/** Q8_0, 34 bytes for 32 weights: half d, int8 q[32]; x = d q. */
export function decodeQ8_0(bytes: Uint8Array, out: Float32Array): void {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0, to = 0; to < out.length; at += 34, to += 32) {
    const d = halfTable[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] ?? 0;
    for (let j = 0; j < 32; j++) out[to + j] = d * (signed[at + 2 + j] ?? 0);
  }
}
