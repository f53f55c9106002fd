import { canonicalJson, quantile, type Json, type JsonObject } from "../kernel/index.ts";
import type { FieldSchema, ObjectSchema, Task, TaskRecord } from "../schema/index.ts";
import { countCodePoints } from "./validate-value.ts";

/** What the values of one property look like. */
export interface FieldDescription {
  readonly name: string;
  /** Records that have the property. */
  readonly present: number;
  /** Label to count, most frequent first (enum, boolean, const). */
  readonly labels?: Readonly<Record<string, number>>;
  /** Labels of the schema that no record has. */
  readonly unused?: readonly string[];
  /** Code points of a text, or entries of a list. */
  readonly length?: { readonly p50: number; readonly p95: number; readonly max: number };
  /** Smallest and largest number. */
  readonly range?: { readonly min: number; readonly max: number };
}

export interface RecordsDescription {
  readonly count: number;
  readonly groups: number;
  readonly input: readonly FieldDescription[];
  readonly output: readonly FieldDescription[];
  /** Share of the commonest whole output: what answering always the same would get right. */
  readonly majority: number;
  /** A few records, evenly spaced in the order of their ids. */
  readonly examples: readonly { readonly input: JsonObject; readonly output: JsonObject }[];
}

/** Counts per class, lengths, ranges and examples, for `check` and the report. */
export function describeRecords(
  task: Pick<Task, "input" | "output">,
  records: readonly TaskRecord[],
  examples = 3,
): RecordsDescription {
  const outputs = countBy(records.map(({ output }) => canonicalJson(output)));
  const sorted = records.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const step = Math.max(1, Math.floor(sorted.length / Math.max(1, examples)));
  return {
    count: records.length,
    groups: new Set(records.map(({ group }) => group)).size,
    input: describeObject(
      task.input,
      records.map((record) => record.input),
    ),
    output: describeObject(
      task.output,
      records.map((record) => record.output),
    ),
    majority: records.length === 0 ? 0 : (outputs[0]?.[1] ?? 0) / records.length,
    examples: sorted
      .filter((_, at) => at % step === 0)
      .slice(0, examples)
      .map(({ input, output }) => ({ input, output })),
  };
}

function describeObject(
  schema: ObjectSchema,
  values: readonly JsonObject[],
): readonly FieldDescription[] {
  return Object.entries(schema.properties).map(([name, field]) => {
    const present = values.map((value) => value[name]).filter((value) => value !== undefined);
    return { name, present: present.length, ...describeField(field, present) };
  });
}

function describeField(
  field: FieldSchema,
  values: readonly Json[],
): Omit<FieldDescription, "name" | "present"> {
  if ("enum" in field || "const" in field || field.type === "boolean") {
    const labels = Object.fromEntries(countBy(values.map(String)));
    if (!("enum" in field)) return { labels };
    return { labels, unused: field.enum.filter((label) => !Object.hasOwn(labels, label)) };
  }
  if (field.type === "integer" || field.type === "number") {
    const numbers = values.map(Number);
    return { range: { min: least(numbers), max: -least(numbers.map((value) => -value)) } };
  }
  const lengths = values.map((value) =>
    typeof value === "string" ? countCodePoints(value) : Array.isArray(value) ? value.length : 0,
  );
  if (lengths.length === 0) return {};
  return {
    length: {
      p50: quantile(lengths, 0.5),
      p95: quantile(lengths, 0.95),
      max: quantile(lengths, 1),
    },
  };
}

/** Without spreading millions of values into arguments. */
function least(numbers: readonly number[]): number {
  return numbers.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
}

/** Values and their counts, the commonest first, ties by name. */
function countBy(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
