import type { Json, JsonObject } from "../kernel/index.ts";
import type { FieldSchema, Grammar, ObjectSchema, TextEncoding } from "../schema/index.ts";
import { isRequired } from "../schema/index.ts";
import { decodeText, encodeText } from "./text-encoding.ts";

/**
 * How an output is written as an answer. `bare`: the value of the only property. `lines`: one
 * `key: value` line per property, in the schema's order. `json`: compact JSON, for arrays.
 * The shortest form that loses nothing is used: each token costs at tuning and at serving.
 */
export type AnswerForm = "bare" | "lines" | "json";

export function answerForm(schema: ObjectSchema): AnswerForm {
  const fields = Object.entries(schema.properties);
  if (fields.some(([, field]) => "type" in field && field.type === "array")) return "json";
  const [only] = fields;
  return fields.length === 1 && only && isRequired(schema, only[0]) ? "bare" : "lines";
}

/** The answer text a tuned model is taught for an output; keys in the schema's order. */
export function writeAnswer(schema: ObjectSchema, output: JsonObject): string {
  const present = Object.keys(schema.properties)
    .filter((key) => output[key] !== undefined)
    .map((key) => [key, output[key] as Json] as const);
  switch (answerForm(schema)) {
    case "bare":
      return present.map(([, value]) => writeScalar(value)).join("");
    case "lines":
      return present.map(([key, value]) => `${key}: ${writeScalar(value)}\n`).join("");
    case "json":
      return JSON.stringify(Object.fromEntries(present));
  }
}

/** The output an answer text stands for, or undefined when it is not a well-formed answer. */
export function readAnswer(schema: ObjectSchema, answer: string): JsonObject | undefined {
  const form = answerForm(schema);
  if (form === "json") return readJson(answer);
  const pairs =
    form === "bare" ? [[Object.keys(schema.properties)[0] ?? "", answer]] : splitLines(answer);
  if (pairs === undefined) return undefined;
  const output: Record<string, Json> = {};
  for (const [key = "", written = ""] of pairs) {
    const field = schema.properties[key];
    const value = field && readScalar(field, written);
    if (value === undefined) return undefined;
    output[key] = value;
  }
  return output;
}

/** Everything a valid answer may look like. */
export function answerGrammar(schema: ObjectSchema): Grammar {
  const fields = Object.entries(schema.properties);
  switch (answerForm(schema)) {
    case "bare":
      return sequence(fields.map(([, field]) => fieldGrammar(field, "line")));
    case "lines":
      return sequence(
        fields.map(([key, field]) => {
          const line = sequence([literal(`${key}: `), fieldGrammar(field, "line"), literal("\n")]);
          return isRequired(schema, key) ? line : { kind: "optional", item: line };
        }),
      );
    case "json":
      return jsonGrammar(schema);
  }
}

function jsonGrammar(schema: ObjectSchema): Grammar {
  const fields = Object.entries(schema.properties);
  const member = ([key, field]: [string, FieldSchema], comma: boolean): Grammar =>
    sequence([literal(`${comma ? "," : ""}${JSON.stringify(key)}:`), fieldGrammar(field, "json")]);
  const starts: Grammar[] = [];
  for (const [i, first] of fields.entries()) {
    const rest = fields.slice(i + 1).map((entry): Grammar => {
      const item = member(entry, true);
      return isRequired(schema, entry[0]) ? item : { kind: "optional", item };
    });
    starts.push(sequence([member(first, false), ...rest]));
    if (isRequired(schema, first[0])) {
      return sequence([literal("{"), { kind: "alternatives", items: starts }, literal("}")]);
    }
  }
  const some: Grammar = { kind: "optional", item: { kind: "alternatives", items: starts } };
  return sequence([literal("{"), some, literal("}")]);
}

function fieldGrammar(field: FieldSchema, encoding: TextEncoding): Grammar {
  const quote = encoding === "json" ? '"' : "";
  if ("enum" in field) {
    const options = field.enum.map((option) => quote + encodeText(encoding, option) + quote);
    return { kind: "choice", options };
  }
  if ("const" in field) {
    const text =
      typeof field.const === "string" ? encodeText(encoding, field.const) : `${field.const}`;
    return literal(typeof field.const === "string" ? quote + text + quote : text);
  }
  switch (field.type) {
    case "boolean":
      return { kind: "choice", options: ["false", "true"] };
    case "integer":
    case "number": {
      const decimals = field.type === "integer" ? 0 : (field.decimals ?? 6);
      return { kind: "number", minimum: field.minimum, maximum: field.maximum, decimals };
    }
    case "string": {
      const bounds = { encoding, min: field.minLength ?? 0, max: field.maxLength ?? 200 };
      // JSON Schema looks for a pattern anywhere in a text; a task's describes the whole value, as its records are checked.
      const pattern = field.pattern === undefined ? {} : { pattern: `^(?:${field.pattern})$` };
      const body: Grammar =
        field.source === "input"
          ? { kind: "span", ...bounds, ...(field.wholeWords === true ? { wholeWords: true } : {}) }
          : { kind: "text", ...bounds, ...pattern };
      return quote === "" ? body : sequence([literal(quote), body, literal(quote)]);
    }
    case "array": {
      const item = fieldGrammar(field.items, "json");
      const list: Grammar = {
        kind: "repeat",
        item,
        separator: ",",
        min: field.minItems ?? 0,
        max: field.maxItems,
      };
      return sequence([literal("["), list, literal("]")]);
    }
  }
}

function literal(text: string): Grammar {
  return { kind: "literal", text };
}

function sequence(items: readonly Grammar[]): Grammar {
  const [only] = items;
  return items.length === 1 && only ? only : { kind: "sequence", items };
}

function writeScalar(value: Json): string {
  return typeof value === "string" ? encodeText("line", value) : JSON.stringify(value);
}

function readScalar(field: FieldSchema, written: string): Json | undefined {
  const isText = "enum" in field || ("type" in field && field.type === "string");
  if (isText || ("const" in field && typeof field.const === "string")) {
    return decodeText("line", written);
  }
  if (written === "true" || written === "false") return written === "true";
  const value = Number(written);
  return written.trim() === "" || !Number.isFinite(value) ? undefined : value;
}

function splitLines(answer: string): string[][] | undefined {
  if (answer === "") return [];
  if (!answer.endsWith("\n")) return undefined;
  const lines = answer.slice(0, -1).split("\n");
  if (!lines.every((line) => line.includes(": "))) return undefined;
  return lines.map((line) => {
    const at = line.indexOf(": ");
    return [line.slice(0, at), line.slice(at + 2)];
  });
}

function readJson(answer: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(answer);
    // Parser boundary: JSON.parse gives JSON, and an object is all that a grammar lets through.
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
