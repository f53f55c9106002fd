import { canonicalJson, type Json, type JsonObject } from "../kernel/index.ts";
import type { Answer, FieldSchema, Judged, ObjectSchema, TaskRecord } from "../schema/index.ts";

/**
 * Compares an answer with the record's output, property by property: equal canonical JSON after
 * numbers are rounded to the schema's decimals. A property that is null counts as missing, and a
 * property that the schema does not know counts as wrong.
 */
export function judge(record: TaskRecord, answer: Answer, output: ObjectSchema): Judged {
  const given = answer.output;
  const names = new Set([...Object.keys(output.properties), ...Object.keys(given ?? {})]);
  const wrongFields = [...names].filter((name) => {
    const field = output.properties[name];
    if (given === undefined) return formOf(record.output, name, field) !== "";
    return formOf(record.output, name, field) !== formOf(given, name, field);
  });
  const correct = given !== undefined && wrongFields.length === 0;
  return { record, answer, correct, wrongFields };
}

/** Whether two outputs are equal under the task's comparison. */
export function sameOutput(
  a: JsonObject | undefined,
  b: JsonObject | undefined,
  output: ObjectSchema,
): boolean {
  if (a === undefined || b === undefined) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every(
    (name) => formOf(a, name, output.properties[name]) === formOf(b, name, output.properties[name]),
  );
}

/** The comparable form of a property; "" when it is missing. */
function formOf(value: JsonObject, name: string, field: FieldSchema | undefined): string {
  const member = value[name];
  return member === undefined || member === null ? "" : canonicalJson(normalise(member, field));
}

function normalise(value: Json, field: FieldSchema | undefined): Json {
  if (Array.isArray(value)) {
    const items = field !== undefined && "items" in field ? field.items : undefined;
    return value.map((item) => normalise(item, items));
  }
  if (field === undefined || !("type" in field)) return value;
  if (field.type !== "number" && field.type !== "integer") return value;
  // A number in quotes is still that number.
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return value;
  const rounded = Number(number.toFixed(field.type === "integer" ? 0 : (field.decimals ?? 12)));
  // Minus zero prints as zero.
  return rounded + 0;
}
