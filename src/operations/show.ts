import { z } from "zod";
import type { Json } from "../kernel/index.ts";
import { Ledger } from "../ledger/index.ts";
import { defineOperation } from "./operation.ts";
import { findRun } from "./find-run.ts";

export const show = defineOperation({
  name: "show",
  summary: "show one build: stages, keys, digests, figures",
  about:
    "Shows a build of the ledger: its stages with keys and digests, and every figure it measured.",
  input: z.strictObject({
    run: z.string().optional().describe("id of a build or its beginning; the newest when left out"),
  }),
  positional: ["run"],
  examples: [{ line: "sampan show", does: "the newest build" }],
  async run({ run: prefix }, { home }) {
    using ledger = new Ledger(home);
    const run = findRun(ledger, prefix);
    const stages = ledger.stages(run.id);
    const numbers = ledger.numbers(run.id);
    const text = [
      `${run.id}  ${run.task}  ${run.status}  ${run.started}`,
      `  ${run.command}`,
      "stages:",
      ...stages.map(
        ({ name, cached, seconds, key, digest }) =>
          `  ${name.padEnd(24)} ${(cached ? "kept" : `${seconds.toFixed(1)} s`).padStart(8)}  key ${key.slice(0, 12)}  digest ${digest.slice(0, 12)}`,
      ),
      "figures (sampan why <id> explains one):",
      ...numbers.map(({ id, value, unit }) => `  ${id.padEnd(48)} ${formatFigure(value)} ${unit}`),
    ].join("\n");
    const value = { id: run.id, status: run.status, result: run.result ?? null };
    // Rows are plain data; JSON has no undefined.
    return {
      value: {
        ...value,
        stages: stages as unknown as Json,
        numbers: JSON.parse(JSON.stringify(numbers)) as Json,
      },
      text,
    };
  },
});

export function formatFigure(value: number | undefined): string {
  if (value === undefined) return "not measured";
  return Number.isInteger(value) ? `${value}` : value.toPrecision(6);
}
