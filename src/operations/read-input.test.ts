import { expect, test } from "vitest";
import { objectSchema } from "../schema/index.ts";
import { readInput } from "./read-input.ts";

const one = {
  name: "sector",
  input: objectSchema.parse({
    type: "object",
    properties: { text: { type: "string", maxLength: 40 } },
  }),
};
const two = {
  name: "mail",
  input: objectSchema.parse({
    type: "object",
    required: ["subject"],
    properties: {
      subject: { type: "string" },
      pages: { type: "integer", minimum: 0, maximum: 9 },
    },
  }),
};

test("JSON, or a bare text for the only field", () => {
  expect(readInput('{"text":"canned milk"}', one)).toEqual({ text: "canned milk" });
  expect(readInput("canned milk", one)).toEqual({ text: "canned milk" });
  expect(readInput("[3] cans", one)).toEqual({ text: "[3] cans" });
  expect(readInput('{"subject":"a"}', two)).toEqual({ subject: "a" });
});

test.each([
  ["a lost bracket", '{"text":"canned milk"', one, /not JSON/],
  ["a lost quote", ' {"text":"canned milk}', one, /not JSON/],
  ["a bracket too many", '{"text":"canned milk"}}', one, /not JSON/],
  ["nothing", "", one, /it is empty/],
  ["blanks", '{"text":" \\n"}', one, /it is empty/],
  ["a bare text for two fields", "a", two, /not a JSON object/],
  ["a list for two fields", "[]", two, /not a JSON object/],
  ["a wrong type", '{"text":5}', one, /input\.text is 5/],
  ["a missing field", '{"pages":1}', two, /input\.subject is missing/],
  ["an unknown field", '{"txt":"a"}', one, /Did you mean "text"/],
])("%s is refused", (_, text, task, wanted) => {
  expect(() => readInput(text, task)).toThrow(wanted);
});
