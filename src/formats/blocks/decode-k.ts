import { halfTable } from "./half-table.ts";

/**
 * The eight 6-bit scales and minima that Q4_K and Q5_K pack into 12 bytes.
 * Source: get_scale_min_k4 in ggml/src/ggml-quants.c.
 */
function unpackScales(bytes: Uint8Array, at: number, scales: Uint8Array, minima: Uint8Array): void {
  for (let j = 0; j < 4; j++) {
    const low = bytes[at + j] ?? 0;
    const middle = bytes[at + j + 4] ?? 0;
    const high = bytes[at + j + 8] ?? 0;
    scales[j] = low & 63;
    minima[j] = middle & 63;
    scales[j + 4] = (high & 15) | ((low >> 6) << 4);
    minima[j + 4] = (high >> 4) | ((middle >> 6) << 4);
  }
}

/** Decodes 64 weights: `low` scales the first 32, `high` the others; each has a minimum taken off. */
type DecodePair = (
  pair: number,
  block: number,
  into: number,
  low: number,
  lowest: number,
  high: number,
  highest: number,
) => void;

/** Walks the blocks that begin with half d, half dmin and packed scales, four pairs of 32 weights each. */
function eachPair(
  bytes: Uint8Array,
  weights: number,
  blockBytes: number,
  decode: DecodePair,
): void {
  const scales = new Uint8Array(8);
  const minima = new Uint8Array(8);
  for (let at = 0, to = 0; to < weights; at += blockBytes, to += 256) {
    const d = halfTable[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] ?? 0;
    const dmin = halfTable[(bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8)] ?? 0;
    unpackScales(bytes, at + 4, scales, minima);
    for (let pair = 0; pair < 4; pair++) {
      const low = d * (scales[2 * pair] ?? 0);
      const lowest = dmin * (minima[2 * pair] ?? 0);
      const high = d * (scales[2 * pair + 1] ?? 0);
      const highest = dmin * (minima[2 * pair + 1] ?? 0);
      decode(pair, at, to + 64 * pair, low, lowest, high, highest);
    }
  }
}

/** Q4_K, 144 bytes for 256 weights: half d, half dmin, scales, nibbles; x = d s q - dmin m. */
export function decodeQ4_K(bytes: Uint8Array, out: Float32Array): void {
  eachPair(bytes, out.length, 144, (pair, block, into, low, lowest, high, highest) => {
    const from = block + 16 + 32 * pair;
    for (let j = 0; j < 32; j++) {
      const q = bytes[from + j] ?? 0;
      out[into + j] = low * (q & 15) - lowest;
      out[into + j + 32] = high * (q >> 4) - highest;
    }
  });
}

/** Q5_K, 176 bytes for 256 weights: as Q4_K with a fifth bit per weight after the scales. */
export function decodeQ5_K(bytes: Uint8Array, out: Float32Array): void {
  eachPair(bytes, out.length, 176, (pair, block, into, low, lowest, high, highest) => {
    const from = block + 48 + 32 * pair;
    for (let j = 0; j < 32; j++) {
      const q = bytes[from + j] ?? 0;
      const fifth = (bytes[block + 16 + j] ?? 0) >> (2 * pair);
      out[into + j] = low * ((q & 15) + ((fifth & 1) << 4)) - lowest;
      out[into + j + 32] = high * ((q >> 4) + ((fifth & 2) << 3)) - highest;
    }
  });
}

/** Q6_K, 210 bytes for 256 weights: low nibbles, high pairs, int8 scales[16], half d; x = d s (q - 32). */
export function decodeQ6_K(bytes: Uint8Array, out: Float32Array): void {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0, to = 0; to < out.length; at += 210, to += 256) {
    const d = halfTable[(bytes[at + 208] ?? 0) | ((bytes[at + 209] ?? 0) << 8)] ?? 0;
    for (let half = 0; half < 2; half++) {
      const low = at + 64 * half;
      const high = at + 128 + 32 * half;
      const scale = at + 192 + 8 * half;
      const into = to + 128 * half;
      for (let j = 0; j < 32; j++) {
        const group = scale + (j >> 4);
        const pairs = bytes[high + j] ?? 0;
        const a = bytes[low + j] ?? 0;
        const b = bytes[low + j + 32] ?? 0;
        out[into + j] = d * (signed[group] ?? 0) * (((a & 15) | ((pairs & 3) << 4)) - 32);
        out[into + j + 32] = d * (signed[group + 2] ?? 0) * (((b & 15) | ((pairs & 12) << 2)) - 32);
        out[into + j + 64] = d * (signed[group + 4] ?? 0) * (((a >> 4) | (pairs & 48)) - 32);
        out[into + j + 96] =
          d * (signed[group + 6] ?? 0) * (((b >> 4) | ((pairs & 192) >> 2)) - 32);
      }
    }
  }
}
