import { resolve } from "node:path";
import { z } from "zod";
import {
  checkSplits,
  describeRecords,
  readTaskFile,
  type RecordsDescription,
} from "../data/index.ts";
import { checkBase } from "../intake/index.ts";
import { defineOperation } from "./operation.ts";
import { loadData } from "./build/load-data.ts";

export const check = defineOperation({
  name: "check",
  summary: "find mistakes in a task before any work",
  about:
    "Reads the task file and every record it names, looks whether its base is known, and reports each mistake with its place and its remedy. Fetches no base and trains nothing.",
  input: z.strictObject({
    task: z.string().describe("path of a task.yaml"),
  }),
  positional: ["task"],
  examples: [{ line: "sampan check my-task.yaml", does: "says what is wrong, or what was found" }],
  async run({ task: path }, context) {
    const file = await readTaskFile(resolve(context.cwd, path));
    checkBase(file.task.base, file.folder);
    const data = await loadData(file, context);
    const { train, validation, test } = data.splits;
    const dropped = Object.entries(data.dropped).map(
      ([reason, count]) => `  ${count} left out: ${reason}`,
    );
    const advice = checkSplits(data.splits, file.task);
    const described = describeRecords(file.task, [...train, ...validation, ...test]);
    const text = [
      `${path} is in order.`,
      `  ${data.read} records read, ${data.kept} kept: ${train.length} train, ${validation.length} validation, ${test.length} test`,
      ...dropped,
      ...described.output.map(describeField),
      `  always giving the commonest answer would be right ${(100 * described.majority).toFixed(1)} % of the time`,
      ...advice.map((line) => `  note: ${line}`),
      `Next: sampan build ${path}`,
    ].join("\n");
    return { value: { read: data.read, kept: data.kept, dropped: data.dropped }, text };
  },
});

function describeField({
  name,
  labels,
  present,
  length,
  unused,
}: RecordsDescription["output"][number]): string {
  const unseen =
    unused !== undefined && unused.length > 0 ? `, ${unused.length} of them never seen` : "";
  const what =
    labels === undefined
      ? length === undefined
        ? ""
        : `, half of them up to ${length.p50} characters, the longest ${length.max}`
      : `, ${Object.keys(labels).length} labels${unseen}`;
  return `  ${name}: in ${present} records${what}`;
}
