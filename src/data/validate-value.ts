import { suggest, type Json, type JsonObject } from "../kernel/index.ts";
import {
  isRequired,
  type ArraySchema,
  type FieldSchema,
  type NumberSchema,
  type ObjectSchema,
  type TextSchema,
} from "../schema/index.ts";
import { show } from "./task-issue.ts";

/** One reason why a value does not fit its schema. */
export interface ValueIssue {
  /** `output.sector`, `output.items[2]`. */
  readonly path: string;
  readonly reason: string;
  readonly hint: string;
}

const maxTextCodePoints = 1_000_000;

/** Every way in which an object does not fit its schema; `name` begins the paths. */
export function validateObject(schema: ObjectSchema, value: unknown, name: string): ValueIssue[] {
  if (!isPlainObject(value)) {
    return [{ path: name, reason: `is ${show(value)}, not an object`, hint: "Write {...}." }];
  }
  const known = Object.keys(schema.properties);
  const issues: ValueIssue[] = [];
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const near = suggest(key, known);
    issues.push({
      path: `${name}.${key}`,
      reason: "is not a property of the task",
      hint: near === undefined ? `Properties: ${known.join(", ")}.` : `Did you mean "${near}"?`,
    });
  }
  for (const [property, field] of Object.entries(schema.properties)) {
    const path = `${name}.${property}`;
    const member = value[property];
    if (member !== undefined) issues.push(...validateValue(field, member, path));
    else if (isRequired(schema, property)) {
      issues.push({
        path,
        reason: "is missing",
        hint: `Fill it, or leave ${property} out of the task's ${name}.required.`,
      });
    }
  }
  return issues;
}

/** Every way in which one value does not fit its schema. */
export function validateValue(schema: FieldSchema, value: Json, path: string): ValueIssue[] {
  if ("enum" in schema) {
    if (typeof value === "string" && schema.enum.includes(value)) return [];
    return [
      { path, reason: `${show(value)} is not in the enum`, hint: nearestLabel(schema.enum, value) },
    ];
  }
  if ("const" in schema) {
    if (value === schema.const) return [];
    return [{ path, reason: `is ${show(value)}`, hint: `It must be ${show(schema.const)}.` }];
  }
  switch (schema.type) {
    case "string":
      return typeof value === "string"
        ? validateText(schema, value, path)
        : wrongType(path, value, "text");
    case "boolean":
      return typeof value === "boolean" ? [] : wrongType(path, value, "true or false");
    case "array":
      return Array.isArray(value)
        ? validateArray(schema, value, path)
        : wrongType(path, value, "a list");
    default:
      return typeof value === "number"
        ? validateNumber(schema, value, path)
        : wrongType(path, value, "a number");
  }
}

function wrongType(path: string, value: Json, wanted: string): ValueIssue[] {
  return [{ path, reason: `is ${show(value)}`, hint: `It must be ${wanted}.` }];
}

function nearestLabel(labels: readonly string[], value: Json): string {
  const near = typeof value === "string" ? suggest(value, labels) : undefined;
  if (near !== undefined) return `Did you mean "${near}"?`;
  const shown = labels.slice(0, 5).map(show).join(", ");
  return `Labels: ${shown}${labels.length > 5 ? `, and ${labels.length - 5} more` : ""}; add it to the enum or correct the record.`;
}

function validateText(schema: TextSchema, value: string, path: string): ValueIssue[] {
  const issues: ValueIssue[] = [];
  const fail = (reason: string, hint: string): number => issues.push({ path, reason, hint });
  if (!value.isWellFormed()) fail("holds half of a surrogate pair", "Write the whole character.");
  if (value.includes("\0")) fail("holds a NUL character", "Leave it out.");
  const length = countCodePoints(value);
  if (length < (schema.minLength ?? 0)) {
    fail(`has ${length} characters`, `It needs at least ${schema.minLength ?? 0}.`);
  }
  const most = schema.maxLength ?? maxTextCodePoints;
  if (length > most)
    fail(`has ${length} characters`, `At most ${most}; raise maxLength or shorten it.`);
  else if (schema.pattern !== undefined && !matchesWhole(schema.pattern, value)) {
    fail(`${show(value)} does not match the pattern`, `Pattern: ${schema.pattern}`);
  }
  return issues;
}

/** Characters as JSON Schema counts them: code points, not UTF-16 units. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
}

/** A pattern describes the whole value, as bounded decoding must produce it. */
export function matchesWhole(pattern: string, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`, "u").test(value);
}

function validateNumber(schema: NumberSchema, value: number, path: string): ValueIssue[] {
  const issues: ValueIssue[] = [];
  const { minimum, maximum } = schema;
  if (!Number.isFinite(value) || value < minimum || value > maximum) {
    issues.push({ path, reason: `is ${value}`, hint: `It must be from ${minimum} to ${maximum}.` });
  }
  if (/e/.test(String(value))) {
    const reason = `is ${value}, which is written with an exponent`;
    issues.push({ path, reason, hint: "Choose a unit in which values are of ordinary size." });
  }
  if (schema.type === "integer" && !Number.isInteger(value)) {
    issues.push({ path, reason: `is ${value}`, hint: "It must be a whole number." });
  } else if (schema.decimals !== undefined && decimalsOf(value) > schema.decimals) {
    issues.push({
      path,
      reason: `is ${value}`,
      hint: `At most ${schema.decimals} digits after the point; round it or raise decimals.`,
    });
  }
  return issues;
}

function decimalsOf(value: number): number {
  const [digits = "", exponent = "0"] = String(value).split("e");
  return Math.max(0, (digits.split(".")[1] ?? "").length - Number(exponent));
}

function validateArray(schema: ArraySchema, value: readonly Json[], path: string): ValueIssue[] {
  const least = schema.minItems ?? 0;
  if (value.length < least || value.length > schema.maxItems) {
    const hint = `It needs ${least} to ${schema.maxItems} entries.`;
    return [{ path, reason: `has ${value.length} entries`, hint }];
  }
  return value.flatMap((item, at) => validateValue(schema.items, item, `${path}[${at}]`));
}

export function isPlainObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
