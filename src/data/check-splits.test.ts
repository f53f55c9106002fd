import { expect, test } from "vitest";
import { digestOf, SampanError } from "../kernel/index.ts";
import type { ObjectSchema, TaskRecord } from "../schema/index.ts";
import { checkSplits } from "./check-splits.ts";
import { describeRecords } from "./describe-records.ts";
import { splitRecords } from "./split-records.ts";

const input: ObjectSchema = { type: "object", properties: { text: { type: "string" } } };
const output: ObjectSchema = {
  type: "object",
  properties: { label: { enum: ["a", "b", "never"] } },
};
const task = { input, output };

function recordOf(text: string, label = "a", group = text): TaskRecord {
  const value = { input: { text }, output: { label } };
  return { id: digestOf(value), ...value, group, place: `rows:${text}` };
}

test.each([
  ["the same input", recordOf("Main St."), recordOf("main st", "b"), /ask the same/],
  ["one group", recordOf("x", "a", "g"), recordOf("y", "a", "g"), /share the group "g"/],
])("%s in two splits is a leak", (_, left, right, wanted) => {
  const run = (): unknown =>
    checkSplits({ train: [left], validation: [recordOf("v")], test: [right] }, task);
  expect(run).toThrow(wanted);
  try {
    run();
  } catch (error) {
    expect(SampanError.isInstance(error) && error.code).toBe("split-leaks");
  }
});

test("what splitRecords gives never leaks, and small splits and missing classes are told", () => {
  const records = Array.from({ length: 80 }, (_, at) => [
    recordOf(`T ${at}`),
    recordOf(`t-${at}!`),
  ]);
  const advice = checkSplits(
    splitRecords(records.flat(), { test: 0.3, validation: 10, seed: 1 }),
    task,
  );
  expect(advice).toEqual([
    expect.stringMatching(/validation has only 10 records/),
    expect.stringMatching(/no training record has label: "b", "never"/),
  ]);
});

test("records are described: classes, lengths, the majority", () => {
  const records = ["a", "a", "b"].map((label, at) => recordOf("\u{1f600}".repeat(at + 1), label));
  expect(describeRecords(task, records, 1)).toMatchObject({
    count: 3,
    groups: 3,
    majority: 2 / 3,
    input: [{ name: "text", present: 3, length: { p50: 2, max: 3 } }],
    output: [{ name: "label", labels: { a: 2, b: 1 }, unused: ["never"] }],
  });
});
