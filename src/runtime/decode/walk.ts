import type { Tokenizer } from "../../schema/index.ts";
import { dead, type Machine } from "../automaton/machine.ts";
import type { Vocabulary } from "../automaton/vocabulary.ts";
import type { Wanted } from "../program.ts";
import { listCandidates } from "./candidates.ts";
import { encodeRun, forcedRun } from "./forced-run.ts";

/** Where an answer stands once everything that needs no decision is said. */
export type Place =
  | {
      readonly kind: "decision";
      readonly tokens: readonly number[];
      readonly state: number;
      readonly wanted: Wanted;
    }
  | { readonly kind: "complete" | "stuck"; readonly tokens: readonly number[] };

export type Decision = Extract<Place, { kind: "decision" }>;

/** Steps through a grammar from decision to decision; what it learns serves all answers under it. */
export class Walk {
  readonly #machine: Machine;
  readonly #vocabulary: Vocabulary;
  readonly #tokenizer: Tokenizer;
  readonly #listed = new Map<number, Wanted | undefined>();

  constructor(machine: Machine, vocabulary: Vocabulary, tokenizer: Tokenizer) {
    this.#machine = machine;
    this.#vocabulary = vocabulary;
    this.#tokenizer = tokenizer;
  }

  /** What is forced from the beginning on. */
  begin(mostTokens: number): Place {
    return this.#settle(this.#machine.start, [], mostTokens);
  }

  /** Says what is forced after these tokens. */
  #settle(from: number, tokens: readonly number[], mostTokens: number): Place {
    const [machine, vocabulary, tokenizer] = [this.#machine, this.#vocabulary, this.#tokenizer];
    let [state, said] = [from, tokens];
    while (state !== dead && said.length < mostTokens) {
      const run = forcedRun(machine, state);
      const forced = encodeRun(run, state, machine, vocabulary, tokenizer);
      said = [...said, ...forced];
      if (run.closes && (forced.length > 0 || run.bytes.length === 0)) {
        return { kind: "complete", tokens: said };
      }
      state = this.#step(state, forced);
      const wanted = this.#wanted(state);
      if (wanted === undefined) break;
      const [only, another] = wanted.kind === "these" ? wanted.ids : [];
      if (only === undefined || another !== undefined) {
        return { kind: "decision", tokens: said, state, wanted };
      }
      if (only === tokenizer.eos) return { kind: "complete", tokens: said };
      said = [...said, only];
      state = this.#step(state, [only]);
    }
    return { kind: "stuck", tokens: said };
  }

  /** Takes a token, or the end, at a decision. */
  choose({ tokens, state }: Decision, id: number | undefined, mostTokens: number): Place {
    if (id === undefined) return { kind: "stuck", tokens };
    if (id === this.#tokenizer.eos) return { kind: "complete", tokens };
    return this.#settle(this.#step(state, [id]), [...tokens, id], mostTokens);
  }

  #step(from: number, ids: readonly number[]): number {
    return ids.reduce((state, id) => this.#machine.walk(state, this.#tokenizer.bytes(id)), from);
  }

  #wanted(state: number): Wanted | undefined {
    if (!this.#listed.has(state)) this.#listed.set(state, this.#list(state));
    return this.#listed.get(state);
  }

  #list(state: number): Wanted | undefined {
    const [machine, vocabulary, tokenizer] = [this.#machine, this.#vocabulary, this.#tokenizer];
    if (state === dead) return undefined;
    const ends = machine.accepts(state);
    const ids = listCandidates(state, machine, vocabulary, tokenizer);
    if (ids !== undefined) {
      if (ids.length === 0 && !ends) return undefined;
      return { kind: "these", ids: ends ? [...ids, tokenizer.eos] : ids };
    }
    return {
      kind: "likeliest",
      passes(id) {
        if (id === tokenizer.eos) return ends;
        const bytes = tokenizer.bytes(id);
        return bytes.length > 0 && machine.walk(state, bytes) !== dead;
      },
    };
  }
}
