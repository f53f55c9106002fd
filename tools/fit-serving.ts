/**
 * Fits the coefficients of serving to the inference rows of catalogue/published-runs.json and writes
 * catalogue/serving-efficiency.json: the fit of all figures, one without each source, one without the fixed hold-out
 * and ten without a tenth of the models. `node tools/fit-serving.ts`
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { openCatalogue, openPublishedRuns } from "../src/operations/plan/open-catalogue.ts";
import { makeServingEfficiency, readServingCases } from "../src/planner/serving/index.ts";
import { publishedRunSchema } from "../src/schema/index.ts";

const catalogue = openCatalogue();
const rows = z.array(publishedRunSchema).parse(openPublishedRuns());
const cases = rows
  .flatMap((row) => readServingCases(row, catalogue))
  .filter((found) => found.kind === "case");
const { folds, modelFolds, ...rest } = makeServingEfficiency(cases, "2026-11");
const head = JSON.stringify(rest, undefined, 1).replace(/\n\}$/, "");
const list = (items: readonly unknown[]): string =>
  `[\n${items.map((item) => `  ${JSON.stringify(item)}`).join(",\n")}\n ]`;
writeFileSync(
  join(import.meta.dirname, "../catalogue/serving-efficiency.json"),
  `${head},\n "folds": ${list(folds)},\n "modelFolds": ${list(modelFolds)}\n}\n`,
);
process.stdout.write(`${cases.length} figures of ${rest.groups.length} sources\n`);
