import { canonicalJson, suggest, type Json, type JsonObject } from "../kernel/index.ts";
import {
  isRequired,
  type DataSource,
  type FieldSchema,
  type ObjectSchema,
  type Task,
} from "../schema/index.ts";
import type { Reject, Row } from "./row.ts";
import { isPlainObject } from "./validate-value.ts";

/** An input and an output as a data file states them, not yet checked. */
export interface Draft {
  readonly place: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly group?: string;
}

/**
 * A row's columns under the task's property names. A row that already has the objects `input` and
 * `output` keeps their names, unless the source maps columns.
 */
export function mapRow(row: Row, source: DataSource, task: Task): Draft | Reject {
  const { columns, place } = row;
  const group = source.group === undefined ? undefined : readGroup(columns, source.group);
  if (source.group !== undefined && group === undefined) {
    return {
      place,
      reason: `has no group column "${source.group}"`,
      hint: `Columns: ${Object.keys(columns).slice(0, 20).join(", ")}.`,
    };
  }
  const shared = group === undefined ? { place } : { place, group };
  const mapped = source.input !== undefined || source.output !== undefined;
  if (!mapped && isPlainObject(columns["input"]) && isPlainObject(columns["output"])) {
    return {
      ...shared,
      input: convertMembers(task.input, columns["input"]),
      output: convertMembers(task.output, columns["output"]),
    };
  }
  const missing = missingColumn(columns, source, task);
  if (missing !== undefined) return { place, ...missing };
  return {
    ...shared,
    input: pick(task.input, source.input ?? {}, columns),
    output: pick(task.output, source.output ?? {}, columns),
  };
}

function readGroup(columns: JsonObject, name: string): string | undefined {
  const value = columns[name];
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" ? value : canonicalJson(value);
}

function missingColumn(
  columns: JsonObject,
  source: DataSource,
  task: Task,
): Omit<Reject, "place"> | undefined {
  const present = Object.keys(columns);
  for (const side of ["input", "output"] as const) {
    for (const property of Object.keys(task[side].properties)) {
      const column = source[side]?.[property] ?? property;
      if (present.includes(column) || !isRequired(task[side], property)) continue;
      if (constantOf(task[side], property) !== undefined) continue;
      const near = suggest(column, present);
      return {
        reason: `has no column "${column}" for ${side}.${property}`,
        hint:
          near === undefined
            ? `Columns: ${present.slice(0, 20).join(", ")}; name the right one under data.${side}.`
            : `Did you mean "${near}"? Name it under data.${side}: {${property}: ${near}}.`,
      };
    }
  }
  return undefined;
}

function pick(
  schema: ObjectSchema,
  mapping: Readonly<Record<string, string>>,
  columns: JsonObject,
): JsonObject {
  const members = Object.keys(schema.properties).map((property): [string, Json] => [
    property,
    columns[mapping[property] ?? property] ?? null,
  ]);
  return convertMembers(schema, Object.fromEntries(members));
}

/** Members as the schema has them; empty ones left out, unknown ones kept for the check to name. */
function convertMembers(schema: ObjectSchema, values: JsonObject): JsonObject {
  const members: [string, Json][] = [];
  for (const [property, value] of Object.entries(values)) {
    const field = Object.hasOwn(schema.properties, property)
      ? schema.properties[property]
      : undefined;
    const converted = field === undefined ? value : convert(field, value);
    const blank = converted === "" && field !== undefined && !allowsEmpty(field);
    if (converted !== null && !blank) members.push([property, converted]);
  }
  for (const property of Object.keys(schema.properties)) {
    const constant = constantOf(schema, property);
    const absent = !members.some(([name]) => name === property);
    if (constant !== undefined && absent) members.push([property, constant]);
  }
  return Object.fromEntries(members);
}

/** The one value that a property always has: no file needs to repeat it. */
function constantOf(schema: ObjectSchema, property: string): Json | undefined {
  const field = schema.properties[property];
  return field !== undefined && "const" in field && isRequired(schema, property)
    ? field.const
    : undefined;
}

/** An empty cell is an absent value, unless the schema says `minLength: 0`. */
function allowsEmpty(field: FieldSchema): boolean {
  return "type" in field && field.type === "string" && field.minLength === 0;
}

/** A number or boolean may name a label or be written as text; all else keeps its kind. */
function convert(field: FieldSchema, value: Json): Json {
  if (typeof value === "string") return fromCell(field, value);
  if (typeof value !== "number" && typeof value !== "boolean") return value;
  const written = "enum" in field || ("type" in field && field.type === "string");
  return written ? String(value) : value;
}

/** A cell is text: what cannot be converted stays text, so that the check can quote it. */
function fromCell(field: FieldSchema, cell: string): Json {
  const trimmed = cell.trim();
  if ("enum" in field) return trimmed;
  if ("const" in field) return trimmed === String(field.const) ? field.const : cell;
  switch (field.type) {
    case "string":
      return cell;
    case "boolean":
      if (/^(true|yes|1)$/i.test(trimmed)) return true;
      return /^(false|no|0)$/i.test(trimmed) ? false : trimmed;
    case "array":
      return listFrom(trimmed);
    default:
      return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(trimmed)
        ? Number(trimmed)
        : trimmed;
  }
}

/** A list in a cell is written as JSON. */
function listFrom(cell: string): Json {
  if (!cell.startsWith("[") || cell.length > 100_000) return cell;
  try {
    // JSON.parse gives JSON; a nest is refused by the check of the items.
    return JSON.parse(cell) as Json;
  } catch {
    return cell;
  }
}
