/** A binary heap of running sequences by the decode step at which they finish. */
export class FinishQueue {
  readonly #steps: number[] = [];
  readonly #ids: number[] = [];

  get size(): number {
    return this.#steps.length;
  }

  /** Step of the next to finish; Infinity when none runs. */
  get next(): number {
    return this.#steps[0] ?? Number.POSITIVE_INFINITY;
  }

  push(step: number, id: number): void {
    let at = this.#steps.length;
    this.#steps.push(step);
    this.#ids.push(id);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#steps[parent] ?? 0) <= step) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, step, id);
  }

  /** Takes out the next to finish. */
  pop(): number {
    const first = this.#ids[0] ?? -1;
    const step = this.#steps.pop() ?? 0;
    const id = this.#ids.pop() ?? -1;
    const size = this.#steps.length;
    if (size === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && (this.#steps[child + 1] ?? 0) < (this.#steps[child] ?? 0)) child++;
      if ((this.#steps[child] ?? 0) >= step) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, step, id);
    return first;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#steps[from] ?? 0, this.#ids[from] ?? 0);
  }

  #put(at: number, step: number, id: number): void {
    this.#steps[at] = step;
    this.#ids[at] = id;
  }
}
