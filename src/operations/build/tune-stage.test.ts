import { expect, test } from "vitest";
import { toyEos, toyTokenizer } from "../../../test/fixtures/toy-tokenizer.ts";
import { objectSchema, taskSchema, type Task, type TaskRecord } from "../../schema/index.ts";
import { toExamples } from "./tune-stage.ts";

const tokenizer = toyTokenizer();

function taskOf(output: object, loss?: "tokens"): Task {
  return taskSchema.parse({
    name: "t",
    input: { type: "object", properties: { text: { type: "string" } } },
    output: objectSchema.parse({ type: "object", ...output }),
    data: [{ name: "r", file: { places: [{ path: "r.jsonl" }] } }],
    acceptance: { accuracy: 0.9 },
    tune: loss === undefined ? {} : { loss },
  });
}

function record(text: string, output: TaskRecord["output"]): TaskRecord {
  return { id: text, input: { text }, output, group: text, place: `r:${text}` };
}

const kinds = { properties: { kind: { enum: ["approved", "rejected"] } } };

test("a closed answer ends with its decision; under the loss of tokens it is whole", () => {
  const one = record("the street", { kind: "rejected" });
  const [decided] = toExamples(taskOf(kinds), [one], tokenizer);
  expect(decided?.decisions).toHaveLength(1);
  expect(decided?.answer).toHaveLength((decided?.decisions?.[0]?.at ?? -1) + 1);
  expect(decided?.decisions?.[0]?.among).toContain(decided?.answer.at(-1));
  const [whole] = toExamples(taskOf(kinds, "tokens"), [one], tokenizer);
  expect(whole?.decisions).toBeUndefined();
  expect(whole?.answer).toEqual([...tokenizer.encode("rejected"), toyEos]);
});

test("what decoding cannot say is left out and told; what it forces teaches nothing", () => {
  const spans = {
    properties: { part: { type: "string", source: "input", minLength: 1, wholeWords: true } },
  };
  const records = [
    record("the street", { part: "street" }),
    record("Main street", { part: "treet" }),
    record("7", { part: "7" }),
  ];
  const told: string[] = [];
  const examples = toExamples(taskOf(spans), records, tokenizer, ({ place }) => told.push(place));
  expect(examples.map(({ id }) => id)).toEqual(["the street"]);
  expect(told).toEqual(["r:Main street"]);
});
