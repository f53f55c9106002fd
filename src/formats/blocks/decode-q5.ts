import { halfTable } from "./half-table.ts";

/** Q5_0, 22 bytes for 32 weights: half d, fifth bits, nibbles; x = d (q - 16). */
export function decodeQ5_0(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 22, to += 32) {
    const d = halfTable[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] ?? 0;
    const fifths = fifthBits(bytes, at + 2);
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 6 + j] ?? 0;
      out[to + j] = d * (((pair & 15) | (((fifths >>> j) & 1) << 4)) - 16);
      out[to + j + 16] = d * (((pair >> 4) | (((fifths >>> (j + 16)) & 1) << 4)) - 16);
    }
  }
}

/** Q5_1, 24 bytes for 32 weights: half d, half m, fifth bits, nibbles; x = d q + m. */
export function decodeQ5_1(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 24, to += 32) {
    const d = halfTable[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] ?? 0;
    const m = halfTable[(bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8)] ?? 0;
    const fifths = fifthBits(bytes, at + 4);
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 8 + j] ?? 0;
      out[to + j] = d * ((pair & 15) | (((fifths >>> j) & 1) << 4)) + m;
      out[to + j + 16] = d * ((pair >> 4) | (((fifths >>> (j + 16)) & 1) << 4)) + m;
    }
  }
}

function fifthBits(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0] = [bytes[at], bytes[at + 1]];
  return a | (b << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}
