import { expect, test } from "vitest";
import { taskSchema, type TaskRecord } from "../../schema/index.ts";
import { settleSpans } from "./settle-spans.ts";

const task = taskSchema.parse({
  name: "spans",
  description: "Words of a text.",
  base: "any",
  input: { type: "object", properties: { text: { type: "string" } } },
  output: {
    type: "object",
    properties: {
      words: { type: "string", source: "input" },
      parts: { type: "array", maxItems: 3, items: { type: "string", source: "input" } },
      set: { type: "string", source: "input", wholeWords: false },
    },
  },
  data: [{ name: "r", file: { places: [{ path: "r.jsonl" }] }, reader: "jsonl" }],
  acceptance: { accuracy: 0.9 },
  prices: { machinePerHour: 1, escalation: 1, error: 1 },
});

function record(text: string, words: string, parts: readonly string[]): TaskRecord {
  return {
    id: text,
    input: { text },
    output: { words, parts: [...parts], set: words },
    group: text,
    place: "",
  };
}

test("spans keep whole words where every record's do", () => {
  const records = [record("no. 12a, 中国人", "no", ["12", "国"]), record("a-b", "b", ["a"])];
  const { properties } = settleSpans(task, records).output;
  expect(properties["words"]).toMatchObject({ wholeWords: true });
  expect(properties["parts"]).toMatchObject({ items: { wholeWords: true } });
  expect(properties["set"]).toMatchObject({ wholeWords: false });
});

test("one value that cuts a word turns it off for its property alone", () => {
  const { properties } = settleSpans(task, [record("market street", "market", ["mark"])]).output;
  expect(properties["words"]).toMatchObject({ wholeWords: true });
  expect(properties["parts"]).toMatchObject({ items: { wholeWords: false } });
});
