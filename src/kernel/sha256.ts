/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, section 4.2.2). */
const roundConstants = fractionsOf(64, Math.cbrt);
/** Of the square roots of the first 8 primes (section 5.3.3). */
const start = fractionsOf(8, Math.sqrt);

/**
 * SHA-256 in plain arithmetic, for places without Node's own, such as a browser. Doubles carry 53 bits, which is
 * enough for the first 32 of each root's fraction.
 */
export class PlainSha256 {
  readonly #state = Int32Array.from(start);
  readonly #block = new Uint8Array(64);
  readonly #schedule = new Int32Array(64);
  #filled = 0;
  #length = 0;

  update(data: Uint8Array | string): this {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    this.#length += bytes.length;
    for (const byte of bytes) this.#push(byte);
    return this;
  }

  /** The digest's 32 bytes; the hasher cannot be used after it. */
  digest(): Uint8Array {
    const bits = this.#length * 8;
    this.#push(0x80);
    while (this.#filled !== 56) this.#push(0);
    const tail = new DataView(new ArrayBuffer(8));
    tail.setUint32(0, Math.floor(bits / 2 ** 32));
    tail.setUint32(4, bits >>> 0);
    for (const byte of new Uint8Array(tail.buffer)) this.#push(byte);
    const out = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, index) => out.setInt32(4 * index, word));
    return new Uint8Array(out.buffer);
  }

  #push(byte: number): void {
    this.#block[this.#filled++] = byte;
    if (this.#filled < 64) return;
    this.#filled = 0;
    this.#mix();
  }

  /** One block through the compression function (section 6.2.2). */
  #mix(): void {
    const w = this.#schedule;
    const view = new DataView(this.#block.buffer);
    for (let t = 0; t < 16; t++) w[t] = view.getInt32(4 * t);
    for (let t = 16; t < 64; t++) {
      const [x, y] = [w[t - 15] ?? 0, w[t - 2] ?? 0];
      const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      w[t] = ((w[t - 16] ?? 0) + s0 + (w[t - 7] ?? 0) + s1) | 0;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = this.#state;
    for (let t = 0; t < 64; t++) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const choice = (e & f) ^ (~e & g);
      const one = (h + s1 + choice + (roundConstants[t] ?? 0) + (w[t] ?? 0)) | 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, index) => {
      this.#state[index] = ((this.#state[index] ?? 0) + word) | 0;
    });
  }
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function fractionsOf(count: number, root: (prime: number) => number): number[] {
  const found: number[] = [];
  for (let prime = 2; found.length < count; prime++) {
    if (isPrime(prime)) found.push(Math.floor((root(prime) % 1) * 2 ** 32) | 0);
  }
  return found;
}

function isPrime(value: number): boolean {
  for (let factor = 2; factor * factor <= value; factor++) if (value % factor === 0) return false;
  return true;
}
