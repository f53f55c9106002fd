import type { Json } from "../../kernel/index.ts";
import type { FieldSchema } from "../../schema/index.ts";
import { countCodePoints } from "../validate-value.ts";
import type { Column } from "./read-table.ts";

/** A schema for a column, and in words why this one. */
export interface InferredField {
  readonly schema: FieldSchema;
  readonly why: string;
  /** Rows in which the column is empty. */
  readonly absent: number;
  /** A pattern that every value matches, for texts of one shape (dates, codes). */
  readonly shape?: string;
}

/** Most labels of an enum that is guessed; one written by hand may have more. */
const maxLabels = 1_000;
/** A label stands this often on average, or it is free text. */
const leastPerLabel = 3;
/** Longest label. */
const maxLabelLength = 120;
/** A closed set is preferred to a piece of the input only when it is this small: pieces generalise. */
const maxSpanLabels = 3;

/** The schema of an input column: wide enough for values not seen yet. */
export function inferInput(column: Column): InferredField {
  return infer(column, { spare: 2 });
}

/** The schema of an output column; `sources` are the texts it may be copied from. */
export function inferOutput(column: Column, sources: readonly Column[]): InferredField {
  return infer(column, { spare: 1.25, sources });
}

function infer(
  column: Column,
  { spare, sources }: { readonly spare: number; readonly sources?: readonly Column[] },
): InferredField {
  const present = column.values.filter((value) => value !== undefined);
  const absent = column.values.length - present.length;
  const closed = labelsOf(present);
  const finish = (schema: FieldSchema, why: string): InferredField => ({ schema, why, absent });
  if (present.every((value) => typeof value === "boolean" || /^(true|false)$/i.test(text(value)))) {
    return finish({ type: "boolean" }, "every value is true or false");
  }
  if (present.every((value) => Array.isArray(value))) return finish(...inferList(present));
  const numbers = numbersOf(present);
  if (
    numbers !== undefined &&
    (sources === undefined || closed === undefined || closed.length > 20)
  ) {
    return finish(...inferNumber(numbers, sources === undefined ? 10 : 1));
  }
  if (sources !== undefined) {
    const copied = countCopied(column, sources);
    const few = closed !== undefined && closed.length <= maxSpanLabels;
    if (copied === present.length && !few) {
      const maxLength = roundUp(longest(present) * spare);
      return finish(
        { type: "string", source: "input", maxLength },
        "every value is a verbatim piece of the input, so it is copied and never invented",
      );
    }
    if (closed !== undefined) {
      return finish(
        { enum: [...closed] },
        `${closed.length} different ${closed.length === 1 ? "value" : "values"} in ${present.length} rows`,
      );
    }
    const share = present.length === 0 ? 0 : copied / present.length;
    const near =
      share >= 0.8 ? `; ${copied} of ${present.length} are verbatim pieces of the input` : "";
    const field = finish(
      { type: "string", maxLength: roundUp(longest(present) * spare) },
      `free text${near}`,
    );
    const shape = shapeOf(present);
    return shape === undefined ? field : { ...field, shape };
  }
  const maxLength = roundUp(longest(present) * spare);
  return finish({ type: "string", maxLength }, `text of at most ${longest(present)} characters`);
}

/** The different values, the commonest first, when they are few enough to be labels. */
function labelsOf(present: readonly Json[]): readonly string[] | undefined {
  const counts = new Map<string, number>();
  for (const value of present) {
    if (typeof value === "object") return undefined;
    const label = text(value).trim();
    counts.set(label, (counts.get(label) ?? 0) + 1);
    if (counts.size > maxLabels || label.length > maxLabelLength || /\p{Cc}/u.test(label))
      return undefined;
  }
  if (counts.size === 0 || present.length / counts.size < leastPerLabel) return undefined;
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([label]) => label);
}

function numbersOf(present: readonly Json[]): readonly number[] | undefined {
  const numbers: number[] = [];
  for (const value of present) {
    // Leading zeros (postcodes, article numbers) make it a text.
    if (
      typeof value !== "number" &&
      !/^-?(0|[1-9]\d{0,14})(\.\d{1,12})?$/.test(text(value).trim())
    ) {
      return undefined;
    }
    if (/e/.test(String(Number(value)))) return undefined;
    numbers.push(Number(value));
  }
  return numbers.length === 0 ? undefined : numbers;
}

function inferNumber(numbers: readonly number[], spare: number): [FieldSchema, string] {
  const low = numbers.reduce((a, b) => Math.min(a, b));
  const high = numbers.reduce((a, b) => Math.max(a, b));
  const whole = numbers.every((value) => Number.isInteger(value));
  const minimum = low < 0 ? Math.floor(low * spare) : 0;
  const maximum = Math.min(roundUp(Math.max(high, 1) * spare), Number.MAX_SAFE_INTEGER);
  const why = `numbers from ${low} to ${high}; nothing outside these bounds can be answered`;
  if (whole) return [{ type: "integer", minimum, maximum }, why];
  const decimals = numbers.reduce((most, value) => {
    return Math.max(most, (String(value).split(".")[1] ?? "").length);
  }, 0);
  return [{ type: "number", minimum, maximum, decimals: Math.min(decimals, 12) }, why];
}

function inferList(lists: readonly Json[]): [FieldSchema, string] {
  const items = lists.flatMap((list) =>
    Array.isArray(list) ? [...(list as readonly Json[])] : [],
  );
  const longestList = lists.reduce<number>((most, list) => {
    return Math.max(most, Array.isArray(list) ? list.length : 0);
  }, 1);
  const labels = labelsOf(items);
  const schema =
    labels === undefined
      ? ({ type: "string", maxLength: roundUp(longest(items) * 1.25) } as const)
      : { enum: [...labels] };
  const why = `lists of up to ${longestList} entries`;
  return [{ type: "array", items: schema, maxItems: roundUp(longestList * 1.25) }, why];
}

function countCopied(column: Column, sources: readonly Column[]): number {
  let copied = 0;
  for (const [row, value] of column.values.entries()) {
    if (typeof value !== "string") continue;
    const found = sources.some((source) => {
      const whole = source.values[row];
      return typeof whole === "string" && whole.includes(value);
    });
    if (found) copied++;
  }
  return copied;
}

function longest(values: readonly Json[]): number {
  return values.reduce<number>((most, value) => Math.max(most, countCodePoints(text(value))), 1);
}

function text(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The next number of the form 1, 2 or 5 times a power of ten, at least 5: a bound to be read. */
function roundUp(value: number): number {
  let step = 1;
  while (step * 10 <= value) step *= 10;
  const factor =
    [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * step >= value) ?? 10;
  return Math.max(5, Math.ceil(factor * step));
}

/** One pattern of digits, letters and fixed signs that all texts share, if they do. */
function shapeOf(values: readonly Json[]): string | undefined {
  const shapes = new Set<string>();
  for (const value of values) {
    const whole = text(value);
    if (whole.length > 40 || !/\d/.test(whole)) return undefined;
    shapes.add(
      whole.replace(/[0-9]+|[A-Z]+|[a-z]+|[^0-9A-Za-z]/g, (run) => {
        const kind = /^[0-9]/.test(run) ? "[0-9]" : /^[A-Z]/.test(run) ? "[A-Z]" : "[a-z]";
        if (!/^[0-9A-Za-z]/.test(run)) return run.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
        return run.length === 1 ? kind : `${kind}{${run.length}}`;
      }),
    );
    if (shapes.size > 1) return undefined;
  }
  return values.length >= 10 ? [...shapes][0] : undefined;
}
