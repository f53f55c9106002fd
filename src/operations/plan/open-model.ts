import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { SampanError } from "../../kernel/index.ts";
import { readConfig, requireEntry, type KnownModel } from "../../planner/index.ts";
import type { Architecture } from "../../schema/index.ts";

const maxBytes = 10_000_000;

/** A model by its name in the catalogue, or by the path of a config.json or of a folder that holds one. */
export function openModel(given: string, models: readonly KnownModel[], cwd: string): Architecture {
  const path = resolve(cwd, given);
  if (!existsSync(path)) {
    const known = requireEntry(models, given, "model");
    return readConfig(known.config, known.name);
  }
  const file = statSync(path).isDirectory() ? join(path, "config.json") : path;
  let value: unknown;
  try {
    if (statSync(file).size > maxBytes) throw new Error(`larger than ${maxBytes} bytes`);
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new SampanError("format-corrupt", `${file} is not a model's config.json`, {
      hint: "Give a Hugging Face config.json, its folder, or a name of the catalogue.",
      cause,
    });
  }
  return readConfig(value, given);
}
