import { Ledger, type RunRow } from "../../ledger/index.ts";
import type { Constant } from "../../schema/index.ts";

/** What the ledger knows of a task's winner. */
export interface MeasuredTask {
  readonly run: string;
  readonly variant: string;
  readonly straightThrough: Constant;
  readonly accuracy: Constant;
}

/** The newest build of a task that found a winner; undefined when there is none. */
export function measuredTask(home: string, task: string): MeasuredTask | undefined {
  using ledger = new Ledger(home);
  for (const run of ledger.findRuns("")) {
    const variant = run.result?.["winner"];
    if (run.task !== task || run.status !== "won" || typeof variant !== "string") continue;
    const found = read(ledger, run, variant);
    if (found !== undefined) return found;
  }
  return undefined;
}

function read(ledger: Ledger, run: RunRow, variant: string): MeasuredTask | undefined {
  const numbers = new Map(ledger.numbers(run.id).map((row) => [row.id, row.value]));
  const constant = (name: string, measure: string): Constant | undefined => {
    const value = numbers.get(`${variant}.${measure}`);
    if (value === undefined) return undefined;
    const source = `measured by build ${run.id}, variant ${variant}: sampan why ${variant}.${measure}`;
    return {
      name,
      value,
      unit: "share",
      provenance: "measured",
      source,
      date: run.started.slice(0, 10),
    };
  };
  const straightThrough = constant("share that goes straight through", "straight-through");
  const accuracy = constant("accuracy of straight-through answers", "answered-accuracy");
  if (straightThrough === undefined || accuracy === undefined) return undefined;
  return { run: run.id, variant, straightThrough, accuracy };
}
