import { SampanError, type Json, type JsonObject } from "../kernel/index.ts";
import { linesOf } from "./decode-text.ts";
import { jsonDepth, maxJsonDepth } from "./json-depth.ts";
import type { RowResult } from "./row.ts";
import { isPlainObject } from "./validate-value.ts";

/** V8's longest string; a JSON array is parsed in one piece. */
const maxJsonBytes = 500_000_000;

/** The objects of a JSONL file, one per line; blank lines are passed over. */
export function* readJsonl(bytes: Uint8Array, name: string): Generator<RowResult> {
  for (const { line, text } of linesOf(bytes, name)) {
    if (text.trim() === "") continue;
    yield parseRow(text, `${name}:${line}`);
  }
}

function parseRow(text: string, place: string): RowResult {
  if (jsonDepth(text) > maxJsonDepth) {
    const reason = `nests deeper than ${maxJsonDepth} levels`;
    return { place, reason, hint: "A record is a flat object." };
  }
  try {
    // JSON.parse gives JSON.
    return asRow(JSON.parse(text) as Json, place);
  } catch (cause) {
    const reason = `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`;
    return { place, reason, hint: "One whole object stands on one line." };
  }
}

/** The objects of a JSON file that is one array (or an object with one array inside). */
export function* readJson(bytes: Uint8Array, name: string): Generator<RowResult> {
  if (bytes.length > maxJsonBytes) {
    throw new SampanError("data-invalid", `${name} has ${bytes.length} bytes`, {
      hint: "A JSON array of this size cannot be parsed at once: write it as JSONL.",
    });
  }
  const text = new TextDecoder().decode(bytes);
  if (jsonDepth(text) > maxJsonDepth) {
    throw new SampanError("data-invalid", `${name} nests deeper than ${maxJsonDepth} levels`, {
      hint: "A data file is an array of flat objects.",
    });
  }
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw new SampanError(
      "data-invalid",
      `${name} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: "If each line is an object of its own, name it .jsonl and set reader: jsonl.",
        cause,
      },
    );
  }
  const items = Array.isArray(value) ? value : onlyArray(value);
  if (items === undefined) {
    throw new SampanError("data-invalid", `${name} is not an array of records`, {
      hint: "Write [{...}, {...}], or use a reader module that finds the records.",
    });
  }
  for (const [index, item] of items.entries()) yield asRow(item, `${name}:${index}`);
}

function onlyArray(value: Json): readonly Json[] | undefined {
  if (!isPlainObject(value)) return undefined;
  const arrays = Object.values(value).filter((member) => Array.isArray(member));
  return arrays.length === 1 ? arrays[0] : undefined;
}

function asRow(value: Json, place: string): RowResult {
  if (isPlainObject(value)) return { place, columns: value satisfies JsonObject };
  return { place, reason: "is not an object", hint: 'A record looks like {"text": "...", ...}.' };
}
