import type { Json, JsonObject } from "../kernel/index.ts";
import { outputDefaults, type FieldSchema, type ObjectSchema, type Task } from "../schema/index.ts";
import { show } from "./task-issue.ts";
import { isPlainObject, validateObject, type ValueIssue } from "./validate-value.ts";

/** Every way in which a record does not fit its task: schemas, spans, emptiness. */
export function validateRecord(
  task: Pick<Task, "input" | "output">,
  input: unknown,
  output: unknown,
): ValueIssue[] {
  const issues = [
    ...validateObject(task.input, input, "input"),
    ...validateObject(withDefaults(task.output), output, "output"),
  ];
  if (isPlainObject(input)) {
    // As `framing` offers them to the decoder: the texts that are properties of their own.
    const texts = Object.values(input).filter((value) => typeof value === "string");
    const blank = Object.values(input).every((value) => isBlank(value));
    if (blank) {
      issues.push({ path: "input", reason: "is empty", hint: "Fill it or delete the record." });
    }
    if (isPlainObject(output)) issues.push(...validateSpans(task, texts, output));
  }
  return issues;
}

/** The bounds that decoding will have, in the place of those left out. */
function withDefaults(schema: ObjectSchema): ObjectSchema {
  const properties = Object.entries(schema.properties).map(([name, field]) => [
    name,
    "type" in field && field.type === "array"
      ? { ...field, items: boundField(field.items) }
      : boundField(field),
  ]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

function boundField<T extends FieldSchema>(field: T): T {
  if (!("type" in field)) return field;
  if (field.type === "string") return { maxLength: outputDefaults.maxLength, ...field };
  return field.type === "number" ? { decimals: outputDefaults.decimals, ...field } : field;
}

/** All texts of a value, those inside lists too. */
function textsOf(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return isPlainObject(value) ? Object.values(value).flatMap(textsOf) : [];
}

function isBlank(value: Json): boolean {
  if (typeof value === "string") return value.trim() === "";
  return Array.isArray(value) ? value.every(isBlank) : value === null;
}

function validateSpans(
  task: Pick<Task, "output">,
  texts: readonly string[],
  output: JsonObject,
): ValueIssue[] {
  const issues: ValueIssue[] = [];
  for (const [name, field] of Object.entries(task.output.properties)) {
    if (!isSpan(field)) continue;
    for (const span of textsOf(output[name] ?? null)) {
      if (texts.some((text) => text.includes(span))) continue;
      issues.push({
        path: `output.${name}`,
        reason: `${show(span)} does not stand in the input, but source: input promises so`,
        hint: nearMiss(span, texts),
      });
    }
  }
  return issues;
}

/** Whether a field is copied from the input. */
export function isSpan(field: FieldSchema): boolean {
  if (!("type" in field)) return false;
  if (field.type === "array") return isSpan(field.items);
  return field.type === "string" && field.source === "input";
}

function nearMiss(span: string, texts: readonly string[]): string {
  const folded = span.toLowerCase().replace(/\s+/g, " ").trim();
  const near = texts.some((text) => text.toLowerCase().replace(/\s+/g, " ").includes(folded));
  return near
    ? "It differs in capitals or spaces only: copy it exactly, or leave source: input out."
    : "Copy it exactly as it stands in the input, or leave source: input out.";
}
