import { SampanError } from "../kernel/index.ts";
import type { Ledger, RunRow } from "../ledger/index.ts";

/** The run that an id, the beginning of one, or nothing (the newest) names. */
export function findRun(ledger: Ledger, prefix: string | undefined): RunRow {
  const [newest, another] = ledger.findRuns(prefix ?? "");
  if (newest === undefined) {
    throw new SampanError(
      "not-found",
      prefix === undefined ? "there are no builds yet" : `no build's id begins with "${prefix}"`,
      {
        hint: 'See "sampan runs", or start with "sampan build <task.yaml>".',
      },
    );
  }
  // A task's whole name means its newest build.
  if (newest.task === prefix) return newest;
  if (prefix !== undefined && another !== undefined && newest.id !== prefix) {
    throw new SampanError("usage-invalid", `"${prefix}" begins the ids of several builds`, {
      hint: `Give more of it: ${newest.id} or ${another.id}.`,
    });
  }
  return newest;
}
