import { expect, test } from "vitest";
import type { JsonObject } from "../kernel/index.ts";
import { objectSchema } from "../schema/index.ts";
import { judge, sameOutput } from "./judge.ts";

const output = objectSchema.parse({
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string" },
    weight: { type: "number", minimum: 0, maximum: 100, decimals: 1 },
    count: { type: "integer", minimum: 0, maximum: 10 },
    tags: { type: "array", items: { type: "number", minimum: 0, maximum: 9 }, maxItems: 3 },
  },
});

function wrong(expected: JsonObject, given: JsonObject | undefined): readonly string[] | "right" {
  const record = { id: "", input: {}, output: expected, group: "", place: "" };
  const answer = { output: given, confidence: 1, milliseconds: 0, tokensIn: 0, tokensOut: 0 };
  const judged = judge(record, answer, output);
  return judged.correct ? "right" : judged.wrongFields;
}

test.each<[string, JsonObject, JsonObject | undefined, readonly string[] | "right"]>([
  ["equal outputs, whatever the order", { name: "a", count: 1 }, { count: 1, name: "a" }, "right"],
  ["null is missing", { name: "a" }, { name: "a", count: null }, "right"],
  [
    "numbers to the schema's decimals",
    { name: "a", weight: 1.25 },
    { name: "a", weight: 1.3 },
    "right",
  ],
  ["a number in quotes", { name: "a", count: 3 }, { name: "a", count: "3" }, "right"],
  ["minus zero", { name: "a", weight: 0 }, { name: "a", weight: -0.01 }, "right"],
  ["numbers in arrays", { name: "a", tags: [1, 2] }, { name: "a", tags: [1.0, 2.0] }, "right"],
  [
    "the order of an array matters",
    { name: "a", tags: [1, 2] },
    { name: "a", tags: [2, 1] },
    ["tags"],
  ],
  ["text is taken literally", { name: "a" }, { name: "A" }, ["name"]],
  ["a missing property", { name: "a", count: 1 }, { name: "a" }, ["count"]],
  ["a property too many", { name: "a" }, { name: "a", extra: 1 }, ["extra"]],
  ["no output", { name: "a", count: 1 }, undefined, ["name", "count"]],
  ["a number that is none", { name: "a", count: 0 }, { name: "a", count: "" }, ["count"]],
])("%s", (_, expected, given, result) => {
  expect(wrong(expected, given)).toEqual(result);
});

test("no output equals nothing", () => {
  expect(sameOutput({ name: "a" }, { name: "a" }, output)).toBe(true);
  expect(sameOutput({ name: "a" }, undefined, output)).toBe(false);
  expect(sameOutput(undefined, undefined, output)).toBe(false);
});
