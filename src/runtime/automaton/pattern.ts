import { SampanError } from "../../kernel/index.ts";
import { everything } from "./character-ranges.ts";
import { parsePattern } from "./parse-pattern.ts";
import { buildGraph, type PatternNode, type PatternTree, type Ranges } from "./pattern-graph.ts";

/** The `take` nodes that may come next, and whether the text may end here. */
export interface PatternState {
  readonly key: string;
  readonly takes: readonly number[];
  readonly ends: boolean;
}

/** A pattern as an automaton over characters that knows which lengths lead to a match. */
export interface Pattern {
  readonly start: PatternState;
  step(state: PatternState, code: number): PatternState | undefined;
  accepts(state: PatternState): boolean;
  /** Whether some text of so many more characters (at least, at most) leads to a match. */
  reaches(state: PatternState, least: number, most: number): boolean;
  /** Whether a character of this range can come next and then lead to a match. */
  canTake(state: PatternState, low: number, high: number, least: number, most: number): boolean;
}

/** Longest text under a pattern: for each length it is known from where a match can be reached. */
const mostCharacters = 4_096;

/** Compiles a pattern, found anywhere in the text unless it is anchored, as in JSON Schema. */
export function compilePattern(source: string, maxLength: number): Pattern {
  const anything: PatternTree = {
    kind: "times",
    item: { kind: "take", ranges: everything },
    min: 0,
    max: undefined,
  };
  const graph = buildGraph({ kind: "all", items: [anything, parsePattern(source), anything] });
  if (graph === undefined || maxLength > mostCharacters) {
    const what = graph ? `maxLength ${maxLength} beside a pattern` : "the pattern unrolls";
    throw new SampanError("task-invalid", `pattern ${JSON.stringify(source)}: ${what} too far`, {
      hint: `Lower its repeat counts, or maxLength to ${mostCharacters} or less.`,
    });
  }
  return new CompiledPattern(graph.nodes, graph.first);
}

class CompiledPattern implements Pattern {
  readonly start: PatternState;
  readonly #nodes: readonly PatternNode[];
  readonly #afterTake = new Map<number, PatternState>();
  /** Row n: the `take` nodes from which exactly n characters lead to a match. */
  readonly #rows: Uint8Array[] = [];

  constructor(nodes: readonly PatternNode[], first: number) {
    this.#nodes = nodes;
    this.start = this.#close([first], true);
  }

  step(state: PatternState, code: number): PatternState | undefined {
    const nexts = state.takes.flatMap((index) => {
      const node = this.#nodes[index];
      return node?.kind === "take" && includes(node.ranges, code, code) ? [node.next] : [];
    });
    return nexts.length === 0 ? undefined : this.#close(nexts, false);
  }

  accepts(state: PatternState): boolean {
    return state.ends;
  }

  reaches(state: PatternState, least: number, most: number): boolean {
    if (most < 0) return false;
    if (least <= 0 && state.ends) return true;
    for (let length = Math.max(1, least); length <= most; length++) {
      const leads = this.#row(length - 1);
      if (state.takes.some((index) => leads[index] === 1)) return true;
    }
    return false;
  }

  canTake(state: PatternState, low: number, high: number, least: number, most: number): boolean {
    return state.takes.some((index) => {
      const node = this.#nodes[index];
      if (node?.kind !== "take" || !includes(node.ranges, low, high)) return false;
      return this.reaches(this.#after(index), least - 1, most - 1);
    });
  }

  /** All `take` nodes that are reached without a character. */
  #close(from: readonly number[], atStart: boolean): PatternState {
    const takes = new Set<number>();
    let ends = false;
    const seen = new Set<string>();
    const pending = from.map((index) => ({ index, ended: false }));
    for (let place = pending.pop(); place; place = pending.pop()) {
      const { index, ended } = place;
      const mark = `${index} ${ended}`;
      if (seen.has(mark)) continue;
      seen.add(mark);
      const node = this.#nodes[index];
      if (node?.kind === "accept") ends = true;
      else if (node?.kind === "split")
        for (const next of node.nexts) pending.push({ index: next, ended });
      else if (node?.kind === "end") pending.push({ index: node.next, ended: true });
      else if (node?.kind === "start" && atStart) pending.push({ index: node.next, ended });
      else if (node?.kind === "take" && !ended) takes.add(index);
    }
    const sorted = [...takes].sort((a, b) => a - b);
    return { takes: sorted, ends, key: `${sorted.join(",")}${ends ? "$" : ""}` };
  }

  #after(index: number): PatternState {
    const known = this.#afterTake.get(index);
    if (known) return known;
    const node = this.#nodes[index];
    const state = this.#close(node?.kind === "take" ? [node.next] : [], false);
    this.#afterTake.set(index, state);
    return state;
  }

  #row(length: number): Uint8Array {
    while (this.#rows.length <= length) {
      const before = this.#rows.at(-1);
      const next = new Uint8Array(this.#nodes.length);
      for (const [index, node] of this.#nodes.entries()) {
        if (node.kind !== "take") continue;
        const state = this.#after(index);
        const leads = before ? state.takes.some((take) => before[take] === 1) : state.ends;
        if (leads) next[index] = 1;
      }
      this.#rows.push(next);
    }
    return this.#rows[length] ?? new Uint8Array();
  }
}

function includes(ranges: Ranges, low: number, high: number): boolean {
  return ranges.some(([first, last]) => low <= last && high >= first);
}
