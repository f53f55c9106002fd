import { join } from "node:path";
import { writeAtomically } from "../../disk/index.ts";
import { canonicalJson } from "../../kernel/index.ts";
import type { Ledger } from "../../ledger/index.ts";
import { renderReport, renderTextSummary, traceFigures } from "../../report/index.ts";
import type { Choice } from "./choose-winner.ts";
import { gatherReport, type ReportPlace } from "./gather-report.ts";
import type { Travelled } from "./road.ts";
import type { RoadRun } from "./road-run.ts";

/** Writes report.html and report.json, enters every figure in the ledger, and gives the closing text. */
export async function writeReport(
  run: RoadRun,
  ledger: Ledger,
  travelled: Travelled,
  choice: Choice,
  place: ReportPlace,
): Promise<{ readonly path: string; readonly summary: string }> {
  const path = join(place.out, "report.html");
  const data = gatherReport(run, travelled, choice, place, place.show(path));
  writeAtomically(path, [await renderReport(data)]);
  writeAtomically(join(place.out, "report.json"), [
    `${canonicalJson(JSON.parse(JSON.stringify(data)))}\n`,
  ]);
  ledger.addNumbers(run.id, traceFigures(data));
  const { columns, colour } = run.context.screen;
  const summary = renderTextSummary(data, { width: Math.min(columns, 100), colour });
  return { path: place.show(path), summary };
}
