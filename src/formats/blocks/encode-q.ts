const { fround, abs, trunc } = Math;

/** One f32 as the two bytes of a half, through views made once. */
const half = new Float16Array(1);
const halfBytes = new Uint8Array(half.buffer);

function putHalf(value: number, out: Uint8Array, at: number): void {
  half[0] = value;
  out[at] = halfBytes[0] ?? 0;
  out[at + 1] = halfBytes[1] ?? 0;
}

/** The value of largest magnitude in a block of 32, with its sign; the first one of equals. */
function signedPeak(values: Float32Array, from: number): number {
  let peak = 0;
  let largest = 0;
  for (let j = from; j < from + 32; j++) {
    const value = values[j] ?? 0;
    if (abs(value) > largest) [largest, peak] = [abs(value), value];
  }
  return peak;
}

/** Smallest value and the step from it to the largest in `steps` steps. */
function range(values: Float32Array, from: number, steps: number): [number, number] {
  let low = values[from] ?? 0;
  let high = low;
  for (let j = from; j < from + 32; j++) {
    const value = values[j] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, fround(fround(high - low) / steps)];
}

function inverse(step: number): number {
  return step === 0 ? 0 : fround(1 / step);
}

/** Truncation of x·inverse + offset to a level, in f32 arithmetic. */
function level(value: number, scale: number, offset: number, most: number): number {
  const rounded = trunc(fround(fround(value * scale) + offset));
  return rounded > most ? most : rounded;
}

/** Q8_0: d = peak / 127, round half away from zero. Source: quantize_row_q8_0_ref. */
export function encodeQ8_0(values: Float32Array, out: Uint8Array): void {
  for (let from = 0, at = 0; from < values.length; from += 32, at += 34) {
    let peak = 0;
    for (let j = from; j < from + 32; j++) peak = Math.max(peak, abs(values[j] ?? 0));
    const d = fround(peak / 127);
    const scale = inverse(d);
    putHalf(d, out, at);
    for (let j = 0; j < 32; j++) {
      const x = fround((values[from + j] ?? 0) * scale);
      // Rounds without a branch on the sign, which no predictor can guess; ties go away from zero.
      const rounded = ((x + 128.5) | 0) - 128;
      out[at + 2 + j] = rounded - x === 0.5 && x < 0 ? rounded - 1 : rounded;
    }
  }
}

/** Q4_0: d = signed peak / -8. Source: quantize_row_q4_0_ref. */
export function encodeQ4_0(values: Float32Array, out: Uint8Array): void {
  for (let from = 0, at = 0; from < values.length; from += 32, at += 18) {
    const d = signedPeak(values, from) / -8;
    const scale = inverse(fround(d));
    putHalf(d, out, at);
    for (let j = 0; j < 16; j++) {
      const low = level(values[from + j] ?? 0, scale, 8.5, 15);
      const high = level(values[from + j + 16] ?? 0, scale, 8.5, 15);
      out[at + 2 + j] = low | (high << 4);
    }
  }
}

/** Q4_1: d = range / 15, m = smallest. Source: quantize_row_q4_1_ref. */
export function encodeQ4_1(values: Float32Array, out: Uint8Array): void {
  for (let from = 0, at = 0; from < values.length; from += 32, at += 20) {
    const [m, d] = range(values, from, 15);
    const scale = inverse(d);
    putHalf(d, out, at);
    putHalf(m, out, at + 2);
    for (let j = 0; j < 16; j++) {
      const low = level(fround((values[from + j] ?? 0) - m), scale, 0.5, 15);
      const high = level(fround((values[from + j + 16] ?? 0) - m), scale, 0.5, 15);
      out[at + 4 + j] = low | (high << 4);
    }
  }
}

/** Q5_0: d = signed peak / -16; the fifth bits apart. Source: quantize_row_q5_0_ref. */
export function encodeQ5_0(values: Float32Array, out: Uint8Array): void {
  for (let from = 0, at = 0; from < values.length; from += 32, at += 22) {
    const d = signedPeak(values, from) / -16;
    const scale = inverse(fround(d));
    putHalf(d, out, at);
    let fifths = 0;
    for (let j = 0; j < 16; j++) {
      const low = level(values[from + j] ?? 0, scale, 16.5, 31);
      const high = level(values[from + j + 16] ?? 0, scale, 16.5, 31);
      out[at + 6 + j] = (low & 15) | ((high & 15) << 4);
      fifths |= ((low >> 4) << j) | ((high >> 4) << (j + 16));
    }
    putFifths(fifths, out, at + 2);
  }
}

/** Q5_1: d = range / 31, m = smallest; the fifth bits apart. Source: quantize_row_q5_1_ref. */
export function encodeQ5_1(values: Float32Array, out: Uint8Array): void {
  for (let from = 0, at = 0; from < values.length; from += 32, at += 24) {
    const [m, d] = range(values, from, 31);
    const scale = inverse(d);
    putHalf(d, out, at);
    putHalf(m, out, at + 2);
    let fifths = 0;
    for (let j = 0; j < 16; j++) {
      const low = level(fround((values[from + j] ?? 0) - m), scale, 0.5, 255);
      const high = level(fround((values[from + j + 16] ?? 0) - m), scale, 0.5, 255);
      out[at + 8 + j] = (low & 15) | ((high & 15) << 4);
      fifths |= (((low >> 4) & 1) << j) | (((high >> 4) & 1) << (j + 16));
    }
    putFifths(fifths, out, at + 4);
  }
}

function putFifths(fifths: number, out: Uint8Array, at: number): void {
  for (let byte = 0; byte < 4; byte++) out[at + byte] = (fifths >>> (8 * byte)) & 255;
}
