import { validateObject } from "../data/index.ts";
import { SampanError, type JsonObject } from "../kernel/index.ts";
import type { Task } from "../schema/index.ts";

/** One input as it was typed: JSON, or a bare text for the only field; checked as records are. */
export function readInput(text: string, task: Pick<Task, "name" | "input">): JsonObject {
  const names = Object.keys(task.input.properties);
  const refuse = (problem: string): SampanError =>
    new SampanError("usage-invalid", `this is no input of ${task.name}: ${problem}`, {
      hint: `An input looks like '${JSON.stringify(Object.fromEntries(names.map((name) => [name, "..."])))}'.`,
    });
  const parsed = parse(text);
  // What begins as an object was meant as one: a lost quote must not become a text to answer.
  if (parsed instanceof Error && text.trimStart().startsWith("{")) {
    throw refuse(`it is not JSON: ${parsed.message}`);
  }
  const [only = ""] = names;
  const value = isObject(parsed) ? parsed : names.length === 1 ? { [only]: text } : undefined;
  if (value === undefined) throw refuse("it is not a JSON object");
  const [issue] = validateObject(task.input, value, "input");
  if (issue !== undefined) throw refuse(`${issue.path} ${issue.reason}. ${issue.hint}`);
  if (Object.values(value).every((member) => typeof member === "string" && member.trim() === "")) {
    throw refuse("it is empty");
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return cause;
  }
}

function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Error)
  );
}
