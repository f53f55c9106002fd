import type { ReportData } from "../../schema/index.ts";
import type { Unit } from "../format.ts";

/** One number of the report: what it says, and the stage whose measurement it goes back to. */
export interface Figure {
  /** `subject.measure`, e.g. `tuned-q4_0.cost`; safe in a shell without quotes. */
  readonly id: string;
  /** `undefined`: not measured. */
  readonly value: number | undefined;
  readonly low?: number;
  readonly high?: number;
  readonly unit: Unit;
  /** What it is, with its subject, for a reader who meets it alone. */
  readonly about: string;
  /** How it follows from its terms, where it is computed from others. */
  readonly formula?: string;
  /** Stage that measured or computed it; `task` for what the task file sets. */
  readonly stage: string;
  /** Ids of the figures it was computed from. */
  readonly from?: readonly string[];
}

/** A part of an id: letters, digits and `. _ : + @ -`; anything else becomes `_`. */
export function idPart(text: string): string {
  return text.replace(/[^A-Za-z0-9._:+@-]/g, "_");
}

/** The first of the names that is a stage of this run, else the last of them. */
export function stageNamed(data: ReportData, ...names: readonly string[]): string {
  const known = new Set(data.stages.map(({ name }) => name));
  return names.find((name) => known.has(name)) ?? names.at(-1) ?? "";
}
