import { sha256 } from "./hash.ts";

/**
 * A seeded stream of numbers: sfc32 started from sha256(seed, labels), so that every use has a
 * stream of its own and adding one use does not move another.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(seed: number, ...labels: readonly (string | number)[]) {
    const digest = sha256(JSON.stringify([seed, ...labels]));
    this.#a = wordOf(digest, 0);
    this.#b = wordOf(digest, 1);
    this.#c = wordOf(digest, 2);
    this.#counter = wordOf(digest, 3) | 1;
    for (let i = 0; i < 12; i++) this.nextUint32();
  }

  nextUint32(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    this.#c |= 0;
    return t >>> 0;
  }

  /** Uniform in [0, 1) with 32 bits. */
  next(): number {
    return this.nextUint32() / 2 ** 32;
  }

  /** Uniform integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** A new array in random order (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }
}

/** The n-th 32-bit word of a digest, its bytes read from the lowest up. */
function wordOf(digest: string, index: number): number {
  let word = 0;
  for (let byte = 3; byte >= 0; byte--) {
    const at = 8 * index + 2 * byte;
    word = (word << 8) | Number.parseInt(digest.slice(at, at + 2), 16);
  }
  return word;
}
