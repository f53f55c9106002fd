import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../kernel/index.ts";
import type { ObjectSchema } from "../schema/index.ts";
import { answerForm, answerGrammar, readAnswer, writeAnswer } from "./answer.ts";

const sector: ObjectSchema = {
  type: "object",
  properties: { sector: { enum: ["Retail", "教育"] } },
};
const address: ObjectSchema = {
  type: "object",
  properties: {
    street: { type: "string", source: "input", maxLength: 80 },
    zip: { type: "string", source: "input", maxLength: 10 },
    paid: { type: "boolean" },
    units: { type: "integer", minimum: -5, maximum: 100 },
  },
  required: [],
};
const list: ObjectSchema = {
  type: "object",
  properties: {
    tags: { type: "array", items: { enum: ["a", "b"] }, maxItems: 3 },
    name: { type: "string", maxLength: 5 },
  },
  required: ["name"],
};

describe("answers", () => {
  test("the shortest form that loses nothing", () => {
    expect([sector, address, list].map(answerForm)).toEqual(["bare", "lines", "json"]);
    expect(writeAnswer(sector, { sector: "教育" })).toBe("教育");
    expect(writeAnswer(address, { zip: "1", street: "a\\b\nc" })).toBe(
      "street: a\\\\b\\nc\nzip: 1\n",
    );
    expect(writeAnswer(list, { name: 'x"', tags: ["a"] })).toBe('{"tags":["a"],"name":"x\\""}');
  });

  test("what is written is read back", () => {
    const output = fc.record(
      {
        street: fc.string({ unit: "binary", minLength: 1, maxLength: 80 }),
        zip: fc.string({ maxLength: 10 }),
        paid: fc.boolean(),
        units: fc.integer({ min: -5, max: 100 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(output, (value) => {
        expect(readAnswer(address, writeAnswer(address, value as JsonObject))).toEqual({
          ...value,
        });
      }),
    );
  });

  test.each(["street: a", "nowhere: a\n", "street: a\\q\n", "units: many\n", "street\n"])(
    "%j is no answer",
    (text) => expect(readAnswer(address, text)).toBeUndefined(),
  );

  test("optional members of JSON never leave a stray comma", () => {
    expect(answerGrammar(list)).toMatchObject({
      kind: "sequence",
      items: [{ text: "{" }, { kind: "alternatives" }, { text: "}" }],
    });
  });
});

test("a pattern describes the whole value, anchored or not", () => {
  const patternOf = (pattern: string): RegExp => {
    const properties = { code: { type: "string", maxLength: 9, pattern } } as const;
    const grammar = answerGrammar({ type: "object", properties });
    return new RegExp(grammar.kind === "text" ? (grammar.pattern ?? "") : "", "u");
  };
  for (const pattern of ["[A-Z]{2}", "^[A-Z]{2}$", "[A-Z]{2}|none"]) {
    expect(patternOf(pattern).test("AB")).toBe(true);
    expect(patternOf(pattern).test("xABx")).toBe(false);
    expect(patternOf(pattern).test("AB\nnonesuch")).toBe(false);
  }
});
