/**
 * One terminal part of a grammar as an automaton over the bytes of its text. States are small integers;
 * every state can still be completed, so whoever walks never gets stuck.
 */
export interface Leaf {
  /** First state; undefined when the part can say nothing at all. */
  readonly start: number | undefined;
  step(state: number, byte: number): number | undefined;
  /** Whether the part may end here. */
  done(state: number): boolean;
  /** The only byte that can follow; `none` or `many` otherwise. */
  only(state: number): number;
  /** Whether so much can follow that listing the tokens is not worth it. */
  wide(state: number): boolean;
}

export const none = -1;
export const many = -2;

/** Gives equal keys one small integer, and keeps what they stand for. */
export class Interned<Value> {
  readonly #ids = new Map<string, number>();
  readonly #values: Value[] = [];

  id(key: string, value: Value): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.#values.length);
    return this.#values.push(value) - 1;
  }

  at(id: number): Value {
    const value = this.#values[id];
    if (value === undefined) throw new RangeError(`${id} was never interned`);
    return value;
  }

  get size(): number {
    return this.#values.length;
  }
}
