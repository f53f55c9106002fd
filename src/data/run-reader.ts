import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { SampanError, sha256, type Digest } from "../kernel/index.ts";
import { maxRecords } from "./decode-text.ts";

/** What a reader module may yield: a record, or a line that it left out and why. */
export type ReaderItem =
  | {
      readonly input: unknown;
      readonly output: unknown;
      /** Records of one group stay in one split. */
      readonly group?: string;
      /** Line or index in the file, for messages. */
      readonly place?: string | number;
    }
  | { readonly drop: string };

export type Reader = (bytes: Uint8Array) => Iterable<ReaderItem>;

export interface LoadedReader {
  readonly read: Reader;
  /** sha256 of the module: part of the data's identity. */
  readonly digest: Digest;
}

/** Imports the reader module that stands beside a task. It is code, and runs with your rights. */
export async function loadReader(reader: string, folder: string): Promise<LoadedReader> {
  const source = readModule(reader, folder);
  const path = isAbsolute(reader) ? reader : join(folder, reader);
  if (/(?:from|import)\s*\(?\s*["']\.\.?\//.test(source)) {
    throw new SampanError("data-invalid", `${reader} imports another file`, {
      hint: "A reader is one file, because its digest stands for what it does: move the code in.",
    });
  }
  const digest = sha256(source);
  // The digest in the address makes a changed module load anew in the same process.
  const url = `${pathToFileURL(path).href}?sha256=${digest}`;
  let module: { readonly default?: unknown };
  try {
    module = (await import(/* @vite-ignore */ url)) as { readonly default?: unknown };
  } catch (cause) {
    throw readerFailed(reader, cause);
  }
  if (typeof module.default !== "function") {
    throw new SampanError("data-invalid", `${reader} has no default export that is a function`, {
      hint: "export default function* read(bytes: Uint8Array) { yield { input, output }; }",
    });
  }
  // The shape of what it yields is checked item by item.
  return { read: module.default as Reader, digest };
}

/** The items of a reader, its exceptions turned into errors that name it. */
export function* runReader(
  reader: LoadedReader,
  bytes: Uint8Array,
  name: string,
): Generator<ReaderItem> {
  let count = 0;
  try {
    for (const item of reader.read(bytes)) {
      if (++count > maxRecords) throw new Error(`yields more than ${maxRecords} records`);
      if (typeof item !== "object" || item === null) throw new Error(`yielded ${String(item)}`);
      yield item;
    }
  } catch (cause) {
    if (SampanError.isInstance(cause)) throw cause;
    throw readerFailed(name, cause);
  }
}

function readerFailed(reader: string, cause: unknown): SampanError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SampanError("data-invalid", `the reader ${reader} failed: ${why}`, {
    hint: "Run it alone on the file to see where; it must yield {input, output} objects.",
    cause,
  });
}

function readModule(reader: string, folder: string): string {
  const path = isAbsolute(reader) ? reader : join(folder, reader);
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new SampanError("not-found", `the reader ${path} cannot be read`, {
      hint: "A reader is a built-in name (jsonl, json, csv, tsv) or a file beside the task.",
      cause,
    });
  }
}
