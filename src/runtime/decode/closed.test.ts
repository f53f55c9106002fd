import fc from "fast-check";
import { expect, test } from "vitest";
import { runProgram } from "../../../test/fixtures/run-program.ts";
import { toyTokenizer } from "../../../test/fixtures/toy-tokenizer.ts";
import { compileGrammar } from "../automaton/automaton.ts";
import { decideClosed } from "./closed.ts";
import { growOptionTree } from "./option-tree.ts";

const tokenizer = toyTokenizer();
const prompt = [1, 2, 3];
const word = fc.array(fc.constantFrom("a", "b", "approved", "中", "the "), { maxLength: 4 });
const someOptions = fc.uniqueArray(
  word.map((parts) => parts.join("")),
  { minLength: 1, maxLength: 12 },
);

/** Any function of what was said and what may follow will do as a model. */
function model(seed: number) {
  return (before: readonly number[], id: number): number =>
    3 * Math.sin(seed + id * 12.9898 + before.reduce((sum, each, i) => sum + each * (i + 1), 0));
}

/** Probability of each option, by multiplying along its ids among the options that begin alike. */
function exhaustive(ids: readonly (readonly number[])[], logit: ReturnType<typeof model>) {
  const paths = ids.map((path) => [...path, tokenizer.eos]);
  return paths.map((path) =>
    path.reduce((product, id, depth) => {
      const head = path.slice(0, depth);
      const alike = paths.filter((other) => head.every((each, i) => other[i] === each));
      const nexts = [...new Set(alike.map((other) => other[depth] ?? -1))];
      const weight = (each: number) => Math.exp(logit([...prompt, ...head], each));
      return (product * weight(id)) / nexts.reduce((sum, each) => sum + weight(each), 0);
    }, 1),
  );
}

test("the winner and its probability are those of scoring every option", () => {
  const property = fc.property(someOptions, fc.integer(), fc.boolean(), (options, seed, full) => {
    const automaton = compileGrammar({ kind: "choice", options }, tokenizer);
    if (automaton.kind !== "closed") throw new Error("few options are closed");
    const tree = growOptionTree(automaton, tokenizer.eos);
    const program = decideClosed({ prompt, sources: [] }, automaton, tree, full);
    const { result } = runProgram(program, tokenizer, model(seed));
    const expected = exhaustive(automaton.ids, model(seed));
    const best = Math.max(...expected);
    expect(result.confidence).toBeCloseTo(best, 10);
    expect(expected[options.indexOf(result.text)]).toBeCloseTo(best, 10);
    const total = result.options?.reduce((sum, { probability }) => sum + probability, 0);
    expect(total).toBeCloseTo(1, 10);
    if (full) {
      for (const [i, option] of (result.options ?? []).entries()) {
        expect(option.probability).toBeCloseTo(expected[i] ?? 0, 10);
      }
    }
  });
  fc.assert(property, { numRuns: 300 });
});

test("options that part at their first token cost one evaluation", () => {
  const automaton = compileGrammar(
    { kind: "choice", options: ["approved", "rejected"] },
    tokenizer,
  );
  if (automaton.kind !== "closed") throw new Error("two options are closed");
  const tree = growOptionTree(automaton, tokenizer.eos);
  const program = decideClosed({ prompt, sources: [] }, automaton, tree, false);
  expect(runProgram(program, tokenizer, model(1)).evaluations).toBe(1);
});

test("a single option costs none", () => {
  const automaton = compileGrammar({ kind: "literal", text: "approved" }, tokenizer);
  if (automaton.kind !== "closed") throw new Error("one option is closed");
  const tree = growOptionTree(automaton, tokenizer.eos);
  const program = decideClosed({ prompt, sources: [] }, automaton, tree, false);
  const { result, evaluations } = runProgram(program, tokenizer, model(1));
  expect([result.text, result.confidence, evaluations]).toEqual(["approved", 1, 0]);
});
