import { canonicalJson, type Json } from "../../kernel/index.ts";
import { isRequired, type FieldSchema, type ObjectSchema } from "../../schema/index.ts";

/** Largest span of an integer field that still counts as a closed set (a rating, a month, a grade). */
const maxIntegerClasses = 120;

/** Whether a field's values form a small closed set, so that a classifier can learn it. */
export function isClosed(field: FieldSchema): boolean {
  if ("enum" in field || "const" in field) return true;
  if (field.type === "boolean") return true;
  return field.type === "integer" && field.maximum - field.minimum < maxIntegerClasses;
}

/** Whether a field's values are verbatim spans of the input. */
export function isSpan(field: FieldSchema): boolean {
  return "type" in field && field.type === "string" && field.source === "input";
}

/** The class of a value: its canonical JSON, or "" where the property is missing. */
export function classOf(value: Json | undefined): string {
  return value === undefined || value === null ? "" : canonicalJson(value);
}

/** Every class a closed field can have, in a fixed order. */
export function classesOf(schema: ObjectSchema, property: string): string[] {
  const field = schema.properties[property];
  const absent = isRequired(schema, property) ? [] : [""];
  if (field === undefined) return absent;
  return [...absent, ...closedValues(field).map((value) => canonicalJson(value))];
}

function closedValues(field: FieldSchema): Json[] {
  if ("enum" in field) return field.enum;
  if ("const" in field) return [field.const];
  if (field.type === "boolean") return [false, true];
  if (field.type !== "integer") return [];
  const first = Math.ceil(field.minimum);
  return Array.from({ length: Math.floor(field.maximum) - first + 1 }, (_, i) => first + i);
}
