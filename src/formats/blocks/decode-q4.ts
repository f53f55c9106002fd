import { halfTable } from "./half-table.ts";

/** Q4_0, 18 bytes for 32 weights: half d, nibbles; x = d (q - 8); high nibbles are weights 16 to 31. */
export function decodeQ4_0(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 18, to += 32) {
    const d = halfTable[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] ?? 0;
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 2 + j] ?? 0;
      out[to + j] = d * ((pair & 15) - 8);
      out[to + j + 16] = d * ((pair >> 4) - 8);
    }
  }
}

/** Q4_1, 20 bytes for 32 weights: half d, half m, nibbles; x = d q + m. */
export function decodeQ4_1(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 20, to += 32) {
    const d = halfTable[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] ?? 0;
    const m = halfTable[(bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8)] ?? 0;
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 4 + j] ?? 0;
      out[to + j] = d * (pair & 15) + m;
      out[to + j + 16] = d * (pair >> 4) + m;
    }
  }
}
