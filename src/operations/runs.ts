import { z } from "zod";
import { Ledger } from "../ledger/index.ts";
import { defineOperation } from "./operation.ts";

export const runs = defineOperation({
  name: "runs",
  summary: "list the builds in the ledger",
  about: "Lists builds, newest first: when, which task, how it ended, what won.",
  input: z.strictObject({
    limit: z.int().positive().default(20).describe("how many"),
  }),
  positional: [],
  examples: [{ line: "sampan runs --limit 5", does: "the five newest builds" }],
  async run({ limit }, { home }) {
    using ledger = new Ledger(home);
    const rows = ledger.runs(limit);
    const lines = rows.map((run) => {
      const winner = run.result?.["winner"];
      const seconds = run.seconds === undefined ? "" : `${run.seconds.toFixed(0)} s`;
      return `${run.id}  ${run.started.slice(0, 16).replace("T", " ")}  ${run.status.padEnd(11)} ${seconds.padStart(6)}  ${run.task}  ${typeof winner === "string" ? winner : ""}`.trimEnd();
    });
    const text =
      lines.length === 0 ? "No builds yet. Start with: sampan build <task.yaml>" : lines.join("\n");
    return {
      value: { runs: rows.map(({ id, task, status, started }) => ({ id, task, status, started })) },
      text,
    };
  },
});
