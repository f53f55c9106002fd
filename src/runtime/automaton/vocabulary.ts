import type { Tokenizer } from "../../schema/index.ts";
import { dead, type Machine } from "./machine.ts";

const tables = new WeakMap<Tokenizer, Vocabulary>();

/** The vocabulary of a tokenizer, laid out once. */
export function vocabularyOf(tokenizer: Tokenizer): Vocabulary {
  const table = tables.get(tokenizer) ?? new Vocabulary(tokenizer);
  tables.set(tokenizer, table);
  return table;
}

/** A run of tokens that begin with the same bytes. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/** All text tokens, sorted by their bytes, so that those with a common beginning stand together. */
export class Vocabulary {
  /** Bytes as Latin-1 characters; ascending. */
  readonly #texts: readonly string[];
  readonly #ids: readonly number[];

  constructor(tokenizer: Tokenizer) {
    const byText = new Map<string, number>();
    const twice = new Set<string>();
    for (let id = 0; id < tokenizer.size; id++) {
      const text = Buffer.from(tokenizer.bytes(id)).toString("latin1");
      if (text === "") continue;
      if (byText.has(text)) twice.add(text);
      else byText.set(text, id);
    }
    // Where two tokens say the same (a byte token and a letter), the one that encoding gives counts.
    for (const text of twice) {
      const [id, ...others] = tokenizer.encode(Buffer.from(text, "latin1").toString("utf8"));
      if (id !== undefined && others.length === 0) byText.set(text, id);
    }
    this.#texts = [...byText.keys()].sort();
    this.#ids = this.#texts.map((text) => byText.get(text) ?? 0);
  }

  /**
   * Tokens that can follow in this state, ascending by their bytes; undefined when there are more than
   * `most`. With `prefix` only those that begin with these bytes and go on after them.
   */
  follow(machine: Machine, state: number, most: number, prefix?: Uint8Array): number[] | undefined {
    const found: number[] = [];
    const start = prefix === undefined ? this.#all() : this.#under(prefix);
    if (start === undefined) return found;
    const skip = prefix === undefined ? start : this.#longer(start);
    return this.#collect(machine, state, skip, most, found) ? found : undefined;
  }

  #all(): Range {
    return { from: 0, to: this.#texts.length, depth: 0 };
  }

  /** Whether collecting came to its end without finding more than `most`. */
  #collect(machine: Machine, state: number, range: Range, most: number, found: number[]): boolean {
    const { to, depth } = range;
    let from = range.from;
    while (from < to && this.#texts[from]?.length === depth) {
      if (depth > 0) found.push(this.#ids[from] ?? 0);
      from++;
    }
    if (found.length > most) return false;
    while (from < to) {
      const byte = this.#texts[from]?.charCodeAt(depth) ?? 0;
      const end = this.#endOf(from, to, depth, byte);
      const next = machine.step(state, byte);
      if (next !== dead) {
        const child = { from, to: end, depth: depth + 1 };
        if (!this.#collect(machine, next, child, most, found)) return false;
      }
      from = end;
    }
    return true;
  }

  #under(prefix: Uint8Array): Range | undefined {
    let [from, to] = [0, this.#texts.length];
    for (const [depth, byte] of prefix.entries()) {
      from = this.#startOf(from, to, depth, byte);
      to = this.#endOf(from, to, depth, byte);
      if (from >= to) return undefined;
    }
    return { from, to, depth: prefix.length };
  }

  #longer({ from, to, depth }: Range): Range {
    let first = from;
    while (first < to && this.#texts[first]?.length === depth) first++;
    return { from: first, to, depth };
  }

  /** First text at or after `from` whose byte at `depth` is at least `byte`. */
  #startOf(from: number, to: number, depth: number, byte: number): number {
    return this.#search(from, to, (text) => text.length > depth && text.charCodeAt(depth) >= byte);
  }

  /** First text at or after `from` whose byte at `depth` is above `byte`. */
  #endOf(from: number, to: number, depth: number, byte: number): number {
    return this.#search(from, to, (text) => text.length > depth && text.charCodeAt(depth) > byte);
  }

  #search(from: number, to: number, holds: (text: string) => boolean): number {
    // Doubling steps first: most groups are short.
    let step = 1;
    let [low, high] = [from, from];
    while (high < to && !holds(this.#texts[high] ?? "")) {
      low = high + 1;
      high = Math.min(to, high + step);
      step *= 2;
    }
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.#texts[middle] ?? "")) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
