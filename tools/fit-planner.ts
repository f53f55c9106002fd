/**
 * Fits the planner's coefficients to catalogue/published-runs.json and writes catalogue/efficiency.json: the fit of all
 * rows, one without each source (to judge by) and one without the fixed hold-out. `node tools/fit-planner.ts`
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { openCatalogue, openPublishedRuns } from "../src/operations/plan/open-catalogue.ts";
import { makeEfficiency, readTrainingCase } from "../src/planner/index.ts";
import { publishedRunSchema } from "../src/schema/index.ts";

const catalogue = openCatalogue();
const rows = z.array(publishedRunSchema).parse(openPublishedRuns());
const cases = rows
  .map((row) => readTrainingCase(row, catalogue))
  .filter((found) => found.kind === "case");
const efficiency = makeEfficiency(cases, "2026-11");
const { folds, modelFolds, ...rest } = efficiency;
const head = JSON.stringify(rest, undefined, 1).replace(/\n\}$/, "");
const list = (items: readonly unknown[]): string =>
  `[\n${items.map((item) => `  ${JSON.stringify(item)}`).join(",\n")}\n ]`;
writeFileSync(
  join(import.meta.dirname, "../catalogue/efficiency.json"),
  `${head},\n "folds": ${list(folds)},\n "modelFolds": ${list(modelFolds)}\n}\n`,
);
process.stdout.write(`${cases.length} rows of ${efficiency.groups.length} sources\n`);
