import { expect, test } from "vitest";
import { runProgram } from "../../test/fixtures/run-program.ts";
import { toyTokenizer } from "../../test/fixtures/toy-tokenizer.ts";
import type { Grammar } from "../schema/index.ts";
import { compileGrammar, type Automaton } from "./automaton/automaton.ts";
import { Machine } from "./automaton/machine.ts";
import { vocabularyOf } from "./automaton/vocabulary.ts";
import { decideClosed } from "./decode/closed.ts";
import { decodeOpen } from "./decode/open.ts";
import { growOptionTree } from "./decode/option-tree.ts";
import { Walk } from "./decode/walk.ts";
import { decisionTracer, type TracedAnswer } from "./trace-decisions.ts";

const tokenizer = toyTokenizer();
const span = { kind: "span", encoding: "line", min: 0, max: 40 } as const;
const text = { kind: "text", encoding: "line", min: 0, max: 9 } as const;
const literal = (value: string): Grammar => ({ kind: "literal", text: value });
const source = "7 the street, 中国人 approved";

const cases: readonly { grammar: Grammar; texts: readonly string[] }[] = [
  {
    grammar: { kind: "choice", options: ["approved", "app", "ab", "中国人", "中"] },
    texts: ["approved", "app", "ab", "中国人", "中"],
  },
  { grammar: span, texts: ["", "the street", "国", "7"] },
  {
    grammar: { kind: "sequence", items: [literal("a: "), span, literal("\nb: "), text] },
    texts: ["a: 7\nb: ", "a: 中国\nb: app", "a: \nb: \u{1f600}!"],
  },
  {
    grammar: {
      kind: "repeat",
      item: { kind: "choice", options: ["ab", "app"] },
      separator: ",",
      min: 1,
      max: 3,
    },
    texts: ["ab", "ab,app", "app,app,ab"],
  },
  {
    grammar: { kind: "number", minimum: -12, maximum: 340, decimals: 1 },
    texts: ["-12", "7.5", "340"],
  },
];

/** The answer of a model that likes just the traced tokens, each among all others. */
function replay(automaton: Automaton, traced: TracedAnswer): string {
  const logit = (before: readonly number[], id: number): number =>
    traced.tokens[before.length - 3] === id ? 9 : 0;
  const request = { prompt: [1, 2, 3], sources: [source] };
  if (automaton.kind === "closed") {
    const tree = growOptionTree(automaton, tokenizer.eos);
    return runProgram(decideClosed(request, automaton, tree, false), tokenizer, logit).result.text;
  }
  const machine = new Machine(automaton.grammar, [source]);
  const walk = new Walk(machine, vocabularyOf(tokenizer), tokenizer);
  return runProgram(decodeOpen(request, walk, tokenizer, 400), tokenizer, logit).result.text;
}

test.each(cases)("decisions lead back to the answer: $texts", ({ grammar, texts }) => {
  const automaton = compileGrammar(grammar, tokenizer);
  const trace = decisionTracer(automaton, tokenizer);
  for (const wanted of texts) {
    const traced = trace({ text: wanted, sources: [source] });
    if (traced === undefined) throw new Error(`${wanted} cannot be traced`);
    expect(replay(automaton, traced)).toBe(wanted);
    expect(traced.decisions.at(-1)?.at).toBe(traced.tokens.length - 1);
    for (const { at, among } of traced.decisions) {
      if (among !== undefined) expect(among).toContain(traced.tokens[at]);
    }
  }
});

test("what the grammar does not allow is not traced; what it forces has no decisions", () => {
  const trace = decisionTracer(compileGrammar(span, tokenizer), tokenizer);
  expect(trace({ text: "elsewhere", sources: [source] })).toBeUndefined();
  const forced = decisionTracer(compileGrammar(literal("approved"), tokenizer), tokenizer);
  expect(forced({ text: "approved", sources: [] })?.decisions).toEqual([]);
});

test("a tracer traces each answer as a new one would", () => {
  for (const { grammar, texts } of cases) {
    const automaton = compileGrammar(grammar, tokenizer);
    const used = decisionTracer(automaton, tokenizer);
    for (const text of [...texts, ...texts]) {
      const request = { text, sources: [source] };
      expect(used(request)).toEqual(decisionTracer(automaton, tokenizer)(request));
    }
  }
});
