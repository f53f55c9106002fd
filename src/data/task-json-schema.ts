import { z } from "zod";
import type { JsonObject } from "../kernel/index.ts";
import { taskSchema } from "../schema/index.ts";

/** JSON Schema (draft 2020-12) of a task file, for editors; `docs/task.schema.json` is its text. */
export function taskJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(taskSchema, { io: "input" });
  // The round trip drops zod's hidden members and proves that what is left is plain JSON.
  return JSON.parse(JSON.stringify({ ...schema, title: "Sampan task" })) as JsonObject;
}

/** Keys that a task file may have at `path`, from its JSON Schema; empty where any name may stand. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let nodes: readonly JsonObject[] = [taskJsonSchema()];
  for (const step of path) nodes = nodes.flatMap(openUnion).flatMap((node) => enter(node, step));
  const keys = nodes
    .flatMap(openUnion)
    .flatMap((node) => Object.keys(asObject(node["properties"])));
  return [...new Set(keys)];
}

function openUnion(node: JsonObject): readonly JsonObject[] {
  const options = node["anyOf"];
  return Array.isArray(options) ? options.map(asObject).flatMap(openUnion) : [node];
}

function enter(node: JsonObject, step: PropertyKey): readonly JsonObject[] {
  if (typeof step === "number") return [asObject(node["items"])];
  const property = asObject(node["properties"])[String(step)];
  return [asObject(property ?? node["additionalProperties"])];
}

function asObject(value: unknown): JsonObject {
  // Narrowing JSON that zod made.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}
