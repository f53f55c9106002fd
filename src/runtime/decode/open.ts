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
  const { machine, vocabulary, tokenizer, mostTokens } = decoding;
  const tokens: number[] = [];
  let [state, fed, evaluations, confidence, margin] = [machine.start, 0, 0, 1, 1];
  const all = () => [...request.prompt, ...tokens];
  while (state !== dead) {
    const run = forcedRun(machine, state);
    const forced = encodeRun(run, state, machine, vocabulary, tokenizer);
    tokens.push(...forced);
    if (run.closes && (forced.length > 0 || run.bytes.length === 0)) break;
    state = walkTokens(machine, state, forced, tokenizer);
    const wanted = wantedIn(state, decoding);
    if (tokens.length >= mostTokens || wanted === undefined) {
      confidence = 0;
      break;
    }
    const [only] = wanted.kind === "these" && wanted.ids.length === 1 ? wanted.ids : [];
    let chosen = only;
    if (chosen === undefined) {
      const scores = yield { keep: fed, add: all().slice(fed), wanted };
      fed = request.prompt.length + tokens.length;
      evaluations++;
      const [first = 0, second = 0] = softmax(scores);
      chosen = scores[0]?.id;
      confidence *= first;
      margin = Math.min(margin, first - second);
    }
    if (chosen === undefined || chosen === tokenizer.eos) break;
    tokens.push(chosen);
    state = walkTokens(machine, state, [chosen], tokenizer);
  }
  return {
    text: Buffer.concat(tokens.map((id) => tokenizer.bytes(id))).toString("utf8"),
    tokens,
    confidence: state === dead ? 0 : confidence,
    margin,
    tokensIn: request.prompt.length,
    tokensOut: tokens.length,
    evaluations,
  };
}

function wantedIn(state: number, decoding: OpenDecoding): Wanted | undefined {
  const { machine, vocabulary, tokenizer } = decoding;
  const ends = machine.accepts(state);
  const ids = listCandidates(state, machine, vocabulary, tokenizer);
  if (ids === undefined) {
    return {
      kind: "likeliest",
      passes(id) {
        if (id === tokenizer.eos) return ends;
        const bytes = tokenizer.bytes(id);
        return bytes.length > 0 && machine.walk(state, bytes) !== dead;
      },
    };
  }
  if (ids.length === 0 && !ends) return undefined;
  return { kind: "these", ids: ends ? [...ids, tokenizer.eos] : ids };
}

function walkTokens(
  machine: Machine,
  from: number,
  ids: readonly number[],
  tokenizer: Tokenizer,
): number {
  return ids.reduce((state, id) => machine.walk(state, tokenizer.bytes(id)), from);
}
