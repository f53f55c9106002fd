import type { JsonObject } from "../kernel/index.ts";

/** One record of a data file before it is mapped to the task's properties. */
export interface Row {
  /** `file:line` or `file:index`. */
  readonly place: string;
  readonly columns: JsonObject;
}

/** A row that could not be read. */
export interface Reject {
  readonly place: string;
  readonly reason: string;
  readonly hint: string;
}

export type RowResult = Row | Reject;

/** Whether a row could be read. */
export function isRow(result: RowResult): result is Row {
  return "columns" in result;
}
