import type { Tokenizer } from "../../schema/index.ts";
import type { AnswerRequest, Decoded } from "../answer.ts";
import { dead, type Machine } from "../automaton/machine.ts";
import type { Vocabulary } from "../automaton/vocabulary.ts";
import type { Program, Wanted } from "../evaluator.ts";
import { listCandidates } from "./candidates.ts";
import { encodeRun, forcedRun } from "./forced-run.ts";
import { softmax } from "./softmax.ts";

/** What decoding under a grammar needs beside the request. */
export interface OpenDecoding {
  readonly machine: Machine;
  readonly vocabulary: Vocabulary;
  readonly tokenizer: Tokenizer;
  /** Tokens an answer may have before it is given up. */
  readonly mostTokens: number;
}

/**
 * Greedy decoding under a grammar: forced text is fed together with the next decision, a decision is
 * made among the tokens the grammar allows there, and nothing is evaluated once the rest is settled.
 * An answer that cannot be finished has confidence 0.
 */
export function* decodeOpen(request: AnswerRequest, decoding: OpenDecoding): Program<Decoded> {
  const walk = new Walk(decoding);
  let place = walk.settle(decoding.machine.start, []);
  let [keep, evaluations, confidence, margin] = [0, 0, 1, 1];
  while (place.kind === "decision") {
    const said = [...request.prompt, ...place.tokens];
    const scores = yield { keep, add: said.slice(keep), wanted: place.wanted };
    keep = said.length;
    evaluations++;
    const [first = 0, second = 0] = softmax(scores);
    confidence *= first;
    margin = Math.min(margin, first - second);
    place = walk.choose(place, scores[0]?.id);
  }
  const { tokens } = place;
  return {
    text: Buffer.concat(tokens.map((id) => decoding.tokenizer.bytes(id))).toString("utf8"),
    tokens,
    confidence: place.kind === "complete" ? confidence : 0,
    margin,
    tokensIn: request.prompt.length,
    tokensOut: tokens.length,
    evaluations,
  };
}

/** Where an answer stands once everything that needs no decision is said. */
type Place =
  | {
      readonly kind: "decision";
      readonly tokens: readonly number[];
      readonly state: number;
      readonly wanted: Wanted;
    }
  | { readonly kind: "complete" | "stuck"; readonly tokens: readonly number[] };

type Decision = Extract<Place, { kind: "decision" }>;

/** Steps from decision to decision. */
class Walk {
  readonly #decoding: OpenDecoding;
  readonly #listed = new Map<number, Wanted | undefined>();

  constructor(decoding: OpenDecoding) {
    this.#decoding = decoding;
  }

  /** Says what is forced after these tokens. */
  settle(from: number, tokens: readonly number[]): Place {
    const { machine, vocabulary, tokenizer, mostTokens } = this.#decoding;
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

  choose({ tokens, state }: Decision, id: number | undefined): Place {
    if (id === undefined) return { kind: "stuck", tokens };
    if (id === this.#decoding.tokenizer.eos) return { kind: "complete", tokens };
    return this.settle(this.#step(state, [id]), [...tokens, id]);
  }

  #step(from: number, ids: readonly number[]): number {
    const { machine, tokenizer } = this.#decoding;
    return ids.reduce((state, id) => machine.walk(state, tokenizer.bytes(id)), from);
  }

  #wanted(state: number): Wanted | undefined {
    if (!this.#listed.has(state)) this.#listed.set(state, this.#list(state));
    return this.#listed.get(state);
  }

  #list(state: number): Wanted | undefined {
    const { machine, vocabulary, tokenizer } = this.#decoding;
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
