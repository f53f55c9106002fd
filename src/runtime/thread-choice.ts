/** Evaluations between two tries of the count that was slower last time; doubles while it stays slower. */
const firstPause = 16;
const longestPause = 512;

/**
 * Chooses between one thread and many, by trying. llama.cpp's threads wait for each other in busy loops,
 * so that on a machine with other work two of them can take ten times as long as one. The bits of an
 * answer do not depend on it.
 */
export class ThreadChoice {
  readonly #most: number;
  /** Running mean of milliseconds per unit of work, by thread count. */
  readonly #cost = new Map<number, number>();
  #pause = firstPause;
  #untilTry = firstPause;
  #current: number;

  constructor(most: number) {
    this.#most = Math.max(1, most);
    // A single short answer is as quick with one, and sure to be.
    this.#current = 1;
  }

  /** Threads for the next evaluation. */
  get threads(): number {
    return this.#current;
  }

  /** Learns from the evaluation that was just done; `work` in any unit that time grows with. */
  learn(work: number, milliseconds: number): void {
    if (this.#most === 1) return;
    const tried = this.#current;
    const cost = milliseconds / Math.max(1, work);
    const before = this.#cost.get(tried);
    this.#cost.set(tried, before === undefined ? cost : before * 0.75 + cost * 0.25);
    const [one, many] = [this.#cost.get(1), this.#cost.get(this.#most)];
    if (one === undefined || many === undefined) {
      this.#current = one === undefined ? 1 : this.#most;
      return;
    }
    const better = many <= one ? this.#most : 1;
    if (--this.#untilTry > 0) {
      this.#current = better;
      return;
    }
    this.#pause = tried === better ? Math.min(longestPause, this.#pause * 2) : firstPause;
    this.#untilTry = this.#pause;
    this.#current = better === 1 ? this.#most : 1;
    // What was measured long ago counts less than the try to come.
    this.#cost.delete(this.#current);
  }
}
