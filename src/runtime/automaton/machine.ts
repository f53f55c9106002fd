import { assertNever } from "../../kernel/index.ts";
import type { Grammar } from "../../schema/index.ts";
import { leafBuilder, type Terminal } from "./build-leaf.ts";
import { Interned, many, none, type Leaf } from "./leaf.ts";

/** What is still to come after the part at hand. */
interface Frame {
  readonly id: number;
  readonly node: Extract<Grammar, { kind: "sequence" | "repeat" }>;
  /** Items of the sequence, or rounds of the repeat, begun so far. */
  readonly begun: number;
  /** Of a repeat: the separator has been said, the item is due. */
  readonly separated: boolean;
  readonly next: Frame | undefined;
}

/** One way the text so far may be read: inside this leaf, with these frames to come. */
interface Reading {
  readonly leaf: Leaf;
  readonly state: number;
  readonly next: Frame | undefined;
}

interface State {
  readonly readings: readonly number[];
  /** Whether the answer may end here. */
  readonly accepts: boolean;
  readonly steps: Map<number, number>;
}

/** Where a walk that cannot go on ends. */
export const dead = -1;

/**
 * A grammar as a deterministic automaton over the bytes of the answer, made state by state as it is
 * walked. From every state other than `dead` some answer can still be completed.
 */
export class Machine {
  readonly start: number;
  readonly #leafOf: (terminal: Terminal) => Leaf;
  readonly #leafIds = new Map<Leaf, number>();
  readonly #frames = new Map<string, Frame>();
  readonly #readings = new Interned<Reading>();
  readonly #states = new Interned<State>();

  constructor(grammar: Grammar, sources: readonly string[]) {
    this.#leafOf = leafBuilder(sources);
    const found = new Found();
    if (this.#possible(grammar)) this.#enter(grammar, undefined, found);
    this.start = this.#stateOf(found);
  }

  /** How many states were made so far. */
  get size(): number {
    return this.#states.size;
  }

  step(state: number, byte: number): number {
    if (state === dead) return dead;
    const { readings, steps } = this.#states.at(state);
    const known = steps.get(byte);
    if (known !== undefined) return known;
    const found = new Found();
    for (const id of readings) {
      const { leaf, state: inner, next } = this.#readings.at(id);
      const after = leaf.step(inner, byte);
      if (after !== undefined) this.#place(leaf, after, next, found);
    }
    const target = this.#stateOf(found);
    steps.set(byte, target);
    return target;
  }

  walk(state: number, bytes: Iterable<number>): number {
    let at = state;
    for (const byte of bytes) {
      at = this.step(at, byte);
      if (at === dead) break;
    }
    return at;
  }

  accepts(state: number): boolean {
    return state !== dead && this.#states.at(state).accepts;
  }

  /** The only byte that can follow; `none` or `many` otherwise. */
  only(state: number): number {
    let found = none;
    for (const id of this.#states.at(state).readings) {
      const { leaf, state: inner } = this.#readings.at(id);
      const byte = leaf.only(inner);
      if (byte === many || (byte !== none && found !== none && byte !== found)) return many;
      if (byte !== none) found = byte;
    }
    return found;
  }

  /** Whether so many tokens can follow that listing them is not worth it. */
  wide(state: number): boolean {
    return this.#states.at(state).readings.some((id) => {
      const { leaf, state: inner } = this.#readings.at(id);
      return leaf.wide(inner);
    });
  }

  #possible(grammar: Grammar): boolean {
    switch (grammar.kind) {
      case "sequence":
        return grammar.items.every((item) => this.#possible(item));
      case "alternatives":
        return grammar.items.some((item) => this.#possible(item));
      case "optional":
        return true;
      case "repeat":
        return grammar.min <= grammar.max && (grammar.min === 0 || this.#possible(grammar.item));
      default:
        return this.#leafOf(grammar).start !== undefined;
    }
  }

  /** Adds the readings at the beginning of a part that is possible. */
  #enter(grammar: Grammar, next: Frame | undefined, found: Found): void {
    switch (grammar.kind) {
      case "sequence":
        return this.#leave(this.#frame(grammar, 0, true, next), found);
      case "repeat":
        if (grammar.min === 0) this.#leave(next, found);
        if (grammar.max > 0 && this.#possible(grammar.item)) {
          this.#enter(grammar.item, this.#frame(grammar, 1, false, next), found);
        }
        return;
      case "alternatives":
        for (const item of grammar.items) {
          if (this.#possible(item)) this.#enter(item, next, found);
        }
        return;
      case "optional":
        this.#leave(next, found);
        if (this.#possible(grammar.item)) this.#enter(grammar.item, next, found);
        return;
      case "literal":
      case "choice":
      case "text":
      case "span":
      case "number": {
        const leaf = this.#leafOf(grammar);
        if (leaf.start !== undefined) this.#place(leaf, leaf.start, next, found);
        return;
      }
      default:
        return assertNever(grammar);
    }
  }

  #place(leaf: Leaf, state: number, next: Frame | undefined, found: Found): void {
    const leafId = this.#leafIds.get(leaf) ?? this.#leafIds.size;
    this.#leafIds.set(leaf, leafId);
    const reading = { leaf, state, next };
    const id = this.#readings.id(`${leafId} ${state} ${next?.id ?? ""}`, reading);
    if (found.readings.has(id)) return;
    found.readings.add(id);
    if (leaf.done(state)) this.#leave(next, found);
  }

  /** Goes on to what comes after a part that may end. */
  #leave(frame: Frame | undefined, found: Found): void {
    if (frame === undefined) {
      found.accepts = true;
      return;
    }
    if (found.left.has(frame.id)) return;
    found.left.add(frame.id);
    const { node, begun, separated, next } = frame;
    if (node.kind === "sequence") {
      const item = node.items[begun];
      if (item === undefined) this.#leave(next, found);
      else this.#enter(item, this.#frame(node, begun + 1, true, next), found);
      return;
    }
    if (separated) {
      this.#enter(node.item, this.#frame(node, begun, false, next), found);
      return;
    }
    if (begun >= node.min) this.#leave(next, found);
    if (begun >= node.max) return;
    const due = this.#frame(node, begun + 1, true, next);
    if (node.separator === "") this.#leave(due, found);
    else this.#enter(separatorOf(node), due, found);
  }

  #frame(node: Frame["node"], begun: number, separated: boolean, next: Frame | undefined): Frame {
    const nodeId = this.#nodeIds.get(node) ?? this.#nodeIds.size;
    this.#nodeIds.set(node, nodeId);
    const key = `${nodeId} ${begun} ${separated} ${next?.id ?? ""}`;
    const frame = this.#frames.get(key) ?? { id: this.#frames.size, node, begun, separated, next };
    this.#frames.set(key, frame);
    return frame;
  }
  readonly #nodeIds = new Map<Frame["node"], number>();

  #stateOf(found: Found): number {
    if (found.readings.size === 0 && !found.accepts) return dead;
    const readings = [...found.readings].sort((a, b) => a - b);
    const key = `${readings.join(" ")}${found.accepts ? "!" : ""}`;
    return this.#states.id(key, { readings, accepts: found.accepts, steps: new Map() });
  }
}

/** What one step finds. */
class Found {
  readonly readings = new Set<number>();
  /** Frames gone on from already. */
  readonly left = new Set<number>();
  accepts = false;
}

const separators = new WeakMap<object, Terminal>();

/** One literal per repeat, so that its leaf is made once. */
function separatorOf(repeat: Extract<Grammar, { kind: "repeat" }>): Terminal {
  const known = separators.get(repeat) ?? { kind: "literal", text: repeat.separator };
  separators.set(repeat, known);
  return known;
}
