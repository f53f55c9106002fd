import type { Tokenizer } from "../schema/index.ts";
import { answerBudget } from "./automaton/answer-budget.ts";
import { hasSpans, type Automaton } from "./automaton/automaton.ts";
import { Machine } from "./automaton/machine.ts";
import { vocabularyOf } from "./automaton/vocabulary.ts";
import { growOptionTree, type ClosedSet, type OptionNode } from "./decode/option-tree.ts";
import { Walk } from "./decode/walk.ts";
import { completeLength, spell } from "./decode/forced-run.ts";

/** A place of an answer where a model that is decoded under a grammar has a choice. */
export interface TracedDecision {
  /** Index of the decided token in the answer. */
  readonly at: number;
  /** The tokens it is chosen from, itself included; undefined for more than can be listed. */
  readonly among: readonly number[] | undefined;
}

/** An answer as decoding would say it, up to its last decision: what comes after is forced. */
export interface TracedAnswer {
  /** Ends with the last decided token, which may be `eos`. */
  readonly tokens: readonly number[];
  readonly decisions: readonly TracedDecision[];
}

/**
 * Finds the decisions by which a bounded model comes to a text: tuned on these, it learns what it will be
 * asked and nothing else. Undefined where the grammar does not allow the text.
 */
export type DecisionTracer = (request: {
  readonly text: string;
  readonly sources: readonly string[];
}) => TracedAnswer | undefined;

/** A tracer for the answers under one grammar; what it learns on the way serves all of them. */
export function decisionTracer(automaton: Automaton, tokenizer: Tokenizer): DecisionTracer {
  if (automaton.kind === "closed") {
    const tree = growOptionTree(automaton, tokenizer.eos);
    return ({ text }) => {
      const option = automaton.texts.indexOf(text);
      return option < 0 ? undefined : traceOption(automaton, tree, option, tokenizer.eos);
    };
  }
  const { grammar } = automaton;
  const vocabulary = vocabularyOf(tokenizer);
  const walkFor = (sources: readonly string[]) =>
    new Walk(new Machine(grammar, sources), vocabulary, tokenizer);
  const shared = hasSpans(grammar) ? undefined : walkFor([]);
  return ({ text, sources }) => {
    const wanted = Buffer.from(text);
    const budget = answerBudget(automaton, wanted.length);
    return traceWalk(shared ?? walkFor(sources), tokenizer, wanted, budget);
  };
}

function traceWalk(
  walk: Walk,
  tokenizer: Tokenizer,
  wanted: Buffer,
  budget: number,
): TracedAnswer | undefined {
  const decisions: TracedDecision[] = [];
  let place = walk.begin(budget);
  let tokens: readonly number[] = [];
  while (place.kind === "decision") {
    const rest = restAfter(place.tokens, wanted, tokenizer);
    if (rest === undefined) return undefined;
    const among = place.wanted.kind === "these" ? place.wanted.ids : undefined;
    const id = rest.length === 0 ? tokenizer.eos : nextToken(rest, among, tokenizer);
    if (id === undefined || (among !== undefined && !among.includes(id))) return undefined;
    decisions.push({ at: place.tokens.length, among });
    tokens = [...place.tokens, id];
    place = walk.choose(place, id, budget);
  }
  const whole = restAfter(place.tokens, wanted, tokenizer);
  return place.kind === "complete" && whole?.length === 0 ? { tokens, decisions } : undefined;
}

function traceOption(set: ClosedSet, tree: OptionNode, option: number, eos: number): TracedAnswer {
  const path = [...(set.ids[option] ?? []), eos];
  const decisions: TracedDecision[] = [];
  let node = tree;
  while (node.children.size > 0) {
    const at = node.path.length;
    const id = path[at] ?? eos;
    decisions.push({ at, among: [...node.children.keys()] });
    const next = node.children.get(id);
    if (next === undefined) throw new RangeError("an option is not in its own tree");
    node = next;
  }
  const last = decisions.at(-1);
  return { tokens: path.slice(0, last === undefined ? 1 : last.at + 1), decisions };
}

/** What of the text is left after these tokens; undefined when they do not begin it. */
function restAfter(
  tokens: readonly number[],
  text: Buffer,
  tokenizer: Tokenizer,
): Buffer | undefined {
  const said = Buffer.concat(tokens.map((id) => tokenizer.bytes(id)));
  return text.subarray(0, said.length).equals(said) ? text.subarray(said.length) : undefined;
}

/** The token that says the next part of `rest`: the canonical one where it is allowed, or the longest. */
function nextToken(
  rest: Buffer,
  among: readonly number[] | undefined,
  tokenizer: Tokenizer,
): number | undefined {
  const [canonical] = spell(tokenizer, rest.subarray(0, completeLength(rest))) ?? [];
  if (among === undefined || (canonical !== undefined && among.includes(canonical))) {
    return canonical;
  }
  let longest: { readonly id: number; readonly length: number } | undefined;
  for (const id of among) {
    const bytes = tokenizer.bytes(id);
    if (bytes.length <= (longest?.length ?? 0)) continue;
    if (rest.subarray(0, bytes.length).equals(bytes)) longest = { id, length: bytes.length };
  }
  return longest?.id;
}
