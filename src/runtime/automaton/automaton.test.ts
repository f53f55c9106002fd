import { describe, expect, test } from "vitest";
import { toyTokenizer } from "../../../test/fixtures/toy-tokenizer.ts";
import type { Grammar } from "../../schema/index.ts";
import { automatonFromJson, automatonToJson } from "./automaton-json.ts";
import { compileGrammar } from "./automaton.ts";

const tokenizer = toyTokenizer();
const choice: Grammar = { kind: "choice", options: ["approved", "rejected", "中国"] };
const flag: Grammar = { kind: "optional", item: { kind: "literal", text: "!" } };
const free: Grammar = { kind: "text", encoding: "line", min: 0, max: 9 };

describe("compiling a grammar", () => {
  test("few texts become a closed set with canonical ids", () => {
    const automaton = compileGrammar({ kind: "sequence", items: [choice, flag] }, tokenizer);
    expect(automaton).toMatchObject({
      kind: "closed",
      texts: ["approved", "approved!", "rejected", "rejected!", "中国", "中国!"],
    });
    expect(automaton.kind === "closed" && automaton.ids[0]).toEqual(tokenizer.encode("approved"));
  });

  test("free text and large ranges stay open", () => {
    const number: Grammar = { kind: "number", minimum: 0, maximum: 1, decimals: 4 };
    expect(compileGrammar(free, tokenizer).kind).toBe("open");
    expect(compileGrammar(number, tokenizer).kind).toBe("open");
    expect(compileGrammar({ ...number, decimals: 2 }, tokenizer)).toMatchObject({ kind: "closed" });
  });

  test("arrays of choices are listed while they are few", () => {
    const list: Grammar = { kind: "repeat", item: choice, separator: ",", min: 0, max: 2 };
    const automaton = compileGrammar(list, tokenizer);
    expect(automaton.kind === "closed" && automaton.texts.length).toBe(1 + 3 + 9);
    expect(compileGrammar({ ...list, max: 9 }, tokenizer).kind).toBe("open");
  });

  test("a schema that allows nothing is refused", () => {
    const nothing: Grammar = { kind: "number", minimum: 0.2, maximum: 0.8, decimals: 0 };
    expect(() => compileGrammar(nothing, tokenizer)).toThrow(/allows no answer/);
  });

  test("a pattern that no automaton decides is refused when compiling", () => {
    expect(() => compileGrammar({ ...free, pattern: "(a)\\1" }, tokenizer)).toThrow(
      /not supported/,
    );
    expect(() => compileGrammar({ ...free, pattern: "^a{20}$" }, tokenizer)).toThrow(
      /allows no answer/,
    );
  });
});

describe("an automaton in a bundle", () => {
  test("comes back as it went", () => {
    for (const grammar of [choice, { kind: "sequence", items: [choice, free] } as const]) {
      const automaton = compileGrammar(grammar, tokenizer);
      const text = JSON.stringify(automatonToJson(automaton));
      expect(automatonFromJson(JSON.parse(text))).toEqual(automaton);
    }
  });

  test.each([
    [{}, /automaton/],
    [{ kind: "closed", texts: ["a"], ids: [] }, /as many texts/],
    [{ kind: "closed", texts: ["a", "b"], ids: [[1], [1]] }, /differ/],
    [{ kind: "closed", texts: ["a"], ids: [[-1]] }, /ids.0.0/],
    [
      { kind: "open", grammar: { kind: "repeat", item: free, separator: "", min: 0, max: 1e9 } },
      /max/,
    ],
    [{ kind: "open", grammar: nest(20_000) }, /nests deeper than 64 levels/],
  ])("case %# is refused", (json, message) => {
    expect(() => automatonFromJson(json)).toThrow(message);
  });
});

function nest(levels: number): object {
  let grammar: object = { kind: "literal", text: "a" };
  for (let i = 0; i < levels; i++) grammar = { kind: "optional", item: grammar };
  return grammar;
}
