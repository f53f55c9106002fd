import { BestFirstQueue } from "../best-first-queue.ts";

/** Ids stay below this, so that a pair of them is one exact number. */
const pairBase = 2 ** 26;

/** A word of the corpus: its symbols, and how often it stands there. */
export interface CountedWord {
  readonly symbols: readonly number[];
  readonly count: number;
}

/** One learned merge: what is joined, into which new id, and how often it stood in the corpus then. */
export interface LearnedMerge {
  readonly left: number;
  readonly right: number;
  readonly id: number;
  readonly count: number;
}

export interface LearnRequest {
  readonly words: readonly CountedWord[];
  /** Id of the first merge; the next ones follow. */
  readonly firstId: number;
  /** Whether to go on with a best pair that stands so often, after so many merges, in so many symbols. */
  readonly accept: (count: number, merges: number, symbols: number) => boolean;
  /** Pairs that must not be joined. */
  readonly refuse?: (left: number, right: number, id: number) => boolean;
  /** Told each merge as it is learned, before the next one is looked for. */
  readonly onMerge?: (merge: LearnedMerge) => void;
}

/**
 * Byte-pair encoding learned from counts: the most frequent pair becomes a symbol, again and again; of
 * equals the pair with the lower ids (as in Hugging Face tokenizers' trainer). The order of the words does
 * not matter. Work is in proportion to the words that a merge touches.
 */
export function learnMerges(request: LearnRequest): LearnedMerge[] {
  const state = new Pairs(request.words);
  const merges: LearnedMerge[] = [];
  for (let best = state.best(); best !== undefined; best = state.best()) {
    const { pair, count } = best;
    const [left, right] = [Math.floor(pair / pairBase), pair % pairBase];
    const id = request.firstId + merges.length;
    if (request.refuse?.(left, right, id) === true) {
      state.forbid(pair);
      continue;
    }
    if (!request.accept(count, merges.length, state.symbols)) break;
    state.join(left, right, id);
    const merge = { left, right, id, count };
    merges.push(merge);
    request.onMerge?.(merge);
  }
  return merges;
}

/** Counts of neighbouring symbols over all words, kept current while pairs are joined. */
class Pairs {
  /** Symbols of the corpus, each word as often as it stands there. */
  symbols = 0;
  /** All words, one after the other; each shrinks in its place. */
  readonly #flat: Int32Array;
  readonly #starts: Uint32Array;
  readonly #lengths: Int32Array;
  readonly #counts: Float64Array;
  readonly #pairs = new Map<number, number>();
  readonly #places = new Map<number, number[]>();
  readonly #forbidden = new Set<number>();
  readonly #queue = new BestFirstQueue<CountedPair>(isMoreFrequent);

  constructor(words: readonly CountedWord[]) {
    this.#flat = new Int32Array(words.reduce((all, { symbols }) => all + symbols.length, 0));
    this.#starts = new Uint32Array(words.length);
    this.#lengths = Int32Array.from(words, ({ symbols }) => symbols.length);
    this.#counts = Float64Array.from(words, ({ count }) => count);
    let start = 0;
    for (const [index, { symbols, count }] of words.entries()) {
      this.#starts[index] = start;
      this.#flat.set(symbols, start);
      start += symbols.length;
      this.symbols += symbols.length * count;
      for (let i = 0; i + 1 < symbols.length; i++) {
        this.#change((symbols[i] ?? 0) * pairBase + (symbols[i + 1] ?? 0), count, index);
      }
    }
    for (const [pair, count] of this.#pairs) this.#queue.push({ pair, count });
  }

  /** The most frequent pair. Counts in the queue may be out of date; then the pair goes back in. */
  best(): { readonly pair: number; readonly count: number } | undefined {
    for (let top = this.#queue.pop(); top !== undefined; top = this.#queue.pop()) {
      const count = this.#pairs.get(top.pair) ?? 0;
      if (count === top.count && !this.#forbidden.has(top.pair)) return top;
      if (count > 0 && count < top.count) this.#queue.push({ pair: top.pair, count });
    }
    return undefined;
  }

  forbid(pair: number): void {
    this.#forbidden.add(pair);
  }

  join(left: number, right: number, id: number): void {
    const pair = left * pairBase + right;
    const places = this.#places.get(pair) ?? [];
    const grown = new Set<number>();
    let last = -1;
    for (const index of places) {
      // A word is listed once per occurrence; they follow each other.
      if (index === last) continue;
      last = index;
      this.#joinIn(index, left, right, id, grown);
    }
    this.#pairs.delete(pair);
    this.#places.delete(pair);
    for (const changed of grown) {
      const count = this.#pairs.get(changed) ?? 0;
      if (count > 0) this.#queue.push({ pair: changed, count });
    }
  }

  #joinIn(index: number, left: number, right: number, id: number, grown: Set<number>): void {
    const flat = this.#flat;
    const count = this.#counts[index] ?? 0;
    const start = this.#starts[index] ?? 0;
    const end = start + (this.#lengths[index] ?? 0);
    let to = start;
    for (let from = start; from < end; from++, to++) {
      const symbol = flat[from] ?? 0;
      if (symbol !== left || from + 1 >= end || flat[from + 1] !== right) {
        flat[to] = symbol;
        continue;
      }
      // The pair to the left counts with what stands there now, which may have just been joined itself.
      if (to > start) {
        const before = (flat[to - 1] ?? 0) * pairBase;
        this.#change(before + left, -count, index);
        grown.add(this.#change(before + id, count, index));
      }
      if (from + 2 < end) {
        const after = flat[from + 2] ?? 0;
        this.#change(right * pairBase + after, -count, index);
        grown.add(this.#change(id * pairBase + after, count, index));
      }
      flat[to] = id;
      this.symbols -= count;
      from++;
    }
    this.#lengths[index] = to - start;
  }

  /** Returns the pair. Places are only ever added: a word that has lost the pair is passed over later. */
  #change(pair: number, by: number, index: number): number {
    this.#pairs.set(pair, (this.#pairs.get(pair) ?? 0) + by);
    if (by > 0) {
      const places = this.#places.get(pair);
      if (places === undefined) this.#places.set(pair, [index]);
      else if (places.at(-1) !== index) places.push(index);
    }
    return pair;
  }
}

interface CountedPair {
  readonly pair: number;
  readonly count: number;
}

/** The more frequent pair first; of equals the lower number. */
function isMoreFrequent(a: CountedPair, b: CountedPair): boolean {
  return a.count > b.count || (a.count === b.count && a.pair < b.pair);
}
