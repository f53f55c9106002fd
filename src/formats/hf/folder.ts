import type { z } from "zod";
import type { ByteSource } from "../../schema/index.ts";
import { corrupt } from "../corrupt.ts";

/** A Hugging Face model folder, read through whoever may touch files. */
export interface ModelFolder {
  /** For messages and for the model's name. */
  readonly name: string;
  /** A small text file's content, or undefined when it is not there. */
  text(file: string): string | undefined;
  /** A large file, or undefined when it is not there. */
  source(file: string): ByteSource | undefined;
}

/** A JSON file of the folder in its expected form; undefined when it is not there. */
export function readJsonFile<T extends z.ZodType>(
  folder: ModelFolder,
  file: string,
  schema: T,
): z.output<T> | undefined {
  const text = folder.text(file);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw corrupt(
      `${folder.name}/${file}`,
      0,
      `not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  const parsed = parseBounded(schema, value);
  if (parsed === undefined) throw corrupt(`${folder.name}/${file}`, 0, "nested too deeply");
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw corrupt(
    `${folder.name}/${file}`,
    0,
    `${where === "" ? "" : `${where}: `}${issue?.message}`,
  );
}

/** A JSON file that the folder must have. */
export function requireJsonFile<T extends z.ZodType>(
  folder: ModelFolder,
  file: string,
  schema: T,
): z.output<T> {
  const value = readJsonFile(folder, file, schema);
  if (value !== undefined) return value;
  throw corrupt(
    folder.name,
    0,
    `there is no ${file}`,
    `A Hugging Face folder holds config.json, tokenizer.json and *.safetensors; ${file} is missing.`,
  );
}

/** Undefined when the value is nested so deeply that checking it overflows the stack. */
function parseBounded<T extends z.ZodType>(schema: T, value: unknown) {
  try {
    return schema.safeParse(value);
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}
