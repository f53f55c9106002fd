import { resolve } from "node:path";
import { z } from "zod";
import {
  judgeTraining,
  readTrainingCase,
  type RowVerdict,
  type TrainingCase,
  type UnusableRow,
} from "../../planner/index.ts";
import { judgeMemory } from "../../planner/rows/index.ts";
import { defineOperation } from "../operation.ts";
import { openCatalogue, openEfficiency } from "./open-catalogue.ts";
import { readRows } from "./read-rows.ts";
import { describeValidation } from "./describe-validation.ts";

export const planValidate = defineOperation({
  name: "plan validate",
  summary: "hold the planner's predictions against published measurements",
  about:
    "Predicts every published row with coefficients that were fitted without the row's source, and prints the errors beside those of simple rules, the coverage of the 80 % intervals, and the rows that are furthest off.",
  input: z.strictObject({
    data: z
      .string()
      .optional()
      .describe("JSON or JSONL file of rows; those of the catalogue when left out"),
    by: z
      .enum(["group", "chip", "model", "kind"])
      .default("group")
      .describe("what the table breaks down by"),
    worst: z.number().default(8).describe("how many of the furthest rows to show"),
  }),
  positional: [],
  examples: [
    { line: "sampan plan validate", does: "the rows that come with Sampan, by source" },
    { line: "sampan plan validate --data rows.json --by chip", does: "rows of your own, by chip" },
  ],
  async run({ data, by, worst }, { cwd }) {
    const catalogue = openCatalogue();
    const efficiency = openEfficiency();
    const rows = readRows(data === undefined ? undefined : resolve(cwd, data));
    const read = rows
      .filter(({ kind }) => kind === "training")
      .map((row) => readTrainingCase(row, catalogue));
    const cases = read.filter((one): one is TrainingCase => one.kind === "case");
    const unusable = read.filter((one): one is UnusableRow => one.kind === "unusable");
    const verdicts = judgeTraining(cases, efficiency);
    const memory = judgeMemory(cases);
    const text = describeValidation({ verdicts, memory, unusable, by, worst, efficiency });
    const value = {
      rows: verdicts.map(toJson),
      unusable: unusable.map(({ row, reason }) => ({ id: row.id, reason })),
    };
    return Promise.resolve({ value, text });
  },
});

function toJson(verdict: RowVerdict) {
  const { found, heldOut, low, high, inSample, heldOutModel, bySource, byModel, roofline } =
    verdict;
  const { row, basis, sparse, assumed, measured } = found;
  return {
    id: row.id,
    group: row.group,
    experts: sparse,
    unit: "tokens/s/accelerator",
    measured,
    basis,
    heldOut,
    low,
    high,
    inSample,
    heldOutModel,
    constantEfficiencyOtherSources: bySource,
    constantEfficiencyOtherModels: byModel,
    roofline,
    assumed,
  };
}
