import { statSync } from "node:fs";
import { openByteFile } from "../disk/index.ts";
import { SampanError } from "../kernel/index.ts";

const windowBytes = 1 << 20;
/** Longer lines are cut here: no line may fill the memory. */
const maximalLineBytes = 1 << 24;
const maximalDepth = 64;

/**
 * The texts of a corpus file, read a window at a time: every string of each record of a `.jsonl` file, each
 * line of any other. `data-invalid` names the line that is no JSON, or that is not UTF-8.
 */
export function* readCorpus(path: string): Generator<string> {
  const isJson = path.endsWith(".jsonl");
  let number = 0;
  for (const bytes of readLines(path)) {
    number++;
    const line = decode(bytes, path, number);
    if (line.trim() === "") continue;
    if (isJson) yield* stringsIn(parse(line, path, number), path, number);
    else yield line;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array, path: string, number: number): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw spoilt(path, number, "is not UTF-8", cause);
  }
}

function parse(line: string, path: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw spoilt(path, number, "is no JSON", cause);
  }
}

function* stringsIn(value: unknown, path: string, number: number, depth = 0): Generator<string> {
  if (depth > maximalDepth) throw spoilt(path, number, `is nested ${maximalDepth} deep`);
  if (typeof value === "string") yield value;
  else if (typeof value === "number") yield String(value);
  else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) yield* stringsIn(member, path, number, depth + 1);
  }
}

function* readLines(path: string): Generator<Uint8Array> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new SampanError("not-found", `${path} is a folder`, {
      hint: "Give the files of the corpus, for example --corpus folder/*.jsonl.",
    });
  }
  using file = openByteFile(path);
  let rest: Uint8Array = new Uint8Array();
  for (let at = 0; at < file.size; at += windowBytes) {
    const read = file.read(at, Math.min(windowBytes, file.size - at));
    let block = rest.length === 0 ? read : Buffer.concat([rest, read]);
    for (let end = block.indexOf(10); end >= 0; end = block.indexOf(10)) {
      yield withoutReturn(block.subarray(0, end));
      block = block.subarray(end + 1);
    }
    while (block.length > maximalLineBytes) {
      const cut = characterStart(block, maximalLineBytes);
      yield block.subarray(0, cut);
      block = block.subarray(cut);
    }
    rest = block;
  }
  if (rest.length > 0) yield withoutReturn(rest);
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}

/** The last place up to `at` where a UTF-8 character starts. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > at - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  return start;
}

function spoilt(path: string, number: number, what: string, cause?: unknown): SampanError {
  return new SampanError("data-invalid", `${path}, line ${number} ${what}`, {
    hint: "A corpus is UTF-8: plain text, or JSON Lines in a file that ends in .jsonl.",
    cause,
  });
}
