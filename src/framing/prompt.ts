import type { Json, JsonObject } from "../kernel/index.ts";
import type { ObjectSchema } from "../schema/index.ts";
import { encodeText } from "./text-encoding.ts";

/**
 * The prompt of a tuned model: no ceremony, because tuning makes the framing and every token of it is
 * paid for on each transaction. One text: itself and a newline. Several: a `key: value` line each.
 */
export function framePrompt(schema: ObjectSchema, input: JsonObject): string {
  const keys = Object.keys(schema.properties).filter((key) => input[key] !== undefined);
  const [only] = keys;
  if (Object.keys(schema.properties).length === 1 && only !== undefined) {
    return `${writeValue(input[only] ?? null)}\n`;
  }
  return keys.map((key) => `${key}: ${writeValue(input[key] ?? null)}\n`).join("");
}

/** The texts a verbatim span may come from, in the schema's order. */
export function sourceTexts(schema: ObjectSchema, input: JsonObject): string[] {
  return Object.keys(schema.properties)
    .map((key) => input[key])
    .filter((value): value is string => typeof value === "string");
}

function writeValue(value: Json): string {
  if (typeof value === "string") return encodeText("line", value);
  return JSON.stringify(value);
}
