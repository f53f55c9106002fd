import { resolve } from "node:path";
import { z } from "zod";
import {
  judgeTraining,
  readTrainingCase,
  type RowCatalogue,
  type RowVerdict,
  type TrainingCase,
  type UnusableRow,
} from "../../planner/index.ts";
import { judgeMemory } from "../../planner/rows/index.ts";
import { writeAtomically } from "../../disk/index.ts";
import { renderPlan } from "../../report/index.ts";
import { sampanVersion } from "../build/machine.ts";
import { defineOperation } from "../operation.ts";
import { openCatalogue, openEfficiency } from "./open-catalogue.ts";
import { readRows } from "./read-rows.ts";
import { describeValidation } from "./describe-validation.ts";
import { validateServing } from "./validate-serving.ts";
import { validationReport } from "./validation-report.ts";

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
    report: z.string().optional().describe("file for a page with every row's prediction as a dot"),
    worst: z.number().default(8).describe("how many of the furthest rows to show"),
  }),
  positional: [],
  examples: [
    { line: "sampan plan validate", does: "the rows that come with Sampan, by source" },
    { line: "sampan plan validate --data rows.json --by chip", does: "rows of your own, by chip" },
  ],
  async run({ data, by, worst, report }, { cwd, now }) {
    const catalogue = openCatalogue();
    const efficiency = openEfficiency();
    const { rows, refused } = readRows(data === undefined ? undefined : resolve(cwd, data));
    const read = rows
      .filter(({ kind }) => kind === "training")
      .map((row) => readTrainingCase(row, catalogue));
    const cases = read.filter((one): one is TrainingCase => one.kind === "case");
    const unusable = read.filter((one): one is UnusableRow => one.kind === "unusable");
    const verdicts = judgeTraining(cases, efficiency, [...cases, ...ownCases(data, catalogue)]);
    const memory = judgeMemory(cases);
    const shown = describeValidation({ verdicts, memory, unusable, by, worst, efficiency });
    const serving = validateServing(rows, catalogue, by, worst);
    const text = [
      shown,
      "",
      serving.text,
      ...refused.map(({ id, reason }) => `  refused: ${id}: ${reason}`),
    ].join("\n");
    if (report !== undefined) {
      const made = {
        sampanVersion: sampanVersion(),
        date: new Date(now()).toISOString().slice(0, 10),
      };
      writeAtomically(resolve(cwd, report), [await renderPlan(validationReport(verdicts, made))]);
    }
    const value = {
      rows: verdicts.map(toJson),
      serving: serving.figures,
      unusable: [
        ...unusable.map(({ row, reason }) => ({ id: row.id, reason })),
        ...serving.unusable,
        ...refused,
      ],
    };
    return { value, text };
  },
});

/** With rows of someone's own, the baselines learn from those of the catalogue too. */
function ownCases(data: string | undefined, catalogue: RowCatalogue): readonly TrainingCase[] {
  if (data === undefined) return [];
  return readRows(undefined)
    .rows.filter(({ kind }) => kind === "training")
    .map((row) => readTrainingCase(row, catalogue))
    .filter((one): one is TrainingCase => one.kind === "case");
}

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
