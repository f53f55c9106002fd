interface Entry {
  readonly pair: number;
  readonly count: number;
}

/** Pairs by their count, the most frequent on top; of equals the lower number. */
export class PairQueue {
  readonly #heap: Entry[] = [];

  push(pair: number, count: number): void {
    const heap = this.#heap;
    const entry = { pair, count };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isAbove(entry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  pop(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let below = heap[child];
      const other = heap[child + 1];
      if (below !== undefined && other !== undefined && isAbove(other, below)) {
        [child, below] = [child + 1, other];
      }
      if (below === undefined || !isAbove(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

function isAbove(a: Entry, b: Entry): boolean {
  return a.count > b.count || (a.count === b.count && a.pair < b.pair);
}
