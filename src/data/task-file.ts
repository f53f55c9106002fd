import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type * as Yaml from "yaml";
import { SampanError, sha256, type Digest } from "../kernel/index.ts";
import { taskSchema, type Task } from "../schema/index.ts";
import { checkFiles, nearby } from "./check-task-files.ts";
import { checkTask } from "./check-task.ts";
import { describeIssues, type TaskIssue } from "./task-issue.ts";

/** A task file is written by hand; anything larger is not one. */
const maxTaskBytes = 1_000_000;
/** Aliases that a task may resolve to: enough for shared enums, too few for a bomb. */
const maxAliases = 100;

export interface TaskFile {
  readonly task: Task;
  readonly path: string;
  /** Where relative paths in the task start. */
  readonly folder: string;
  /** sha256 of the file's text. */
  readonly digest: Digest;
}

/**
 * Reads and checks a task file. Throws `not-found` or `task-invalid`, the latter with every mistake
 * on a line of its own: `path:line:column where what. remedy`.
 */
export async function readTaskFile(path: string): Promise<TaskFile> {
  const bytes = readSmallFile(path);
  const folder = dirname(resolve(path));
  const text = new TextDecoder("utf-8", { fatal: true });
  let decoded: string;
  try {
    decoded = text.decode(bytes);
  } catch (cause) {
    throw new SampanError("task-invalid", `${path} is not UTF-8 text`, {
      hint: "Save it as UTF-8.",
      cause,
    });
  }
  const task = await openTask(decoded, path, (parsed) => checkFiles(parsed, folder));
  return { task, path, folder, digest: sha256(bytes) };
}

/** Checks the text of a task file, all but the files it names; `path` is for messages. */
export async function parseTask(text: string, path: string): Promise<Task> {
  return openTask(text, path, () => []);
}

/** Any small YAML 1.2 file as plain data. Throws `not-found` or `task-invalid` naming line and column. */
export async function readYamlFile(path: string): Promise<unknown> {
  const text = new TextDecoder().decode(readSmallFile(path));
  const yaml = await importYaml();
  const lines = new yaml.LineCounter();
  const document = guard(path, () =>
    yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, version: "1.2" }),
  );
  refuseBroken(document, lines, path);
  return guard(path, () => document.toJS({ maxAliasCount: maxAliases }) as unknown);
}

type Document = Yaml.Document.Parsed;

async function openTask(
  text: string,
  path: string,
  checkMore: (task: Task) => readonly TaskIssue[],
): Promise<Task> {
  if (text.length > maxTaskBytes) throw tooLarge(path);
  const yaml = await importYaml();
  const lines = new yaml.LineCounter();
  const document = guard(path, () =>
    yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, version: "1.2" }),
  );
  refuseBroken(document, lines, path);
  const data: unknown = guard(path, () => document.toJS({ maxAliasCount: maxAliases }));
  const parsed = taskSchema.safeParse(data);
  const issues = parsed.success
    ? [...checkTask(parsed.data), ...checkMore(parsed.data)]
    : describeIssues(parsed.error.issues, data);
  if (parsed.success && issues.length === 0) return parsed.data;
  const placed = issues
    .map((issue) => ({ ...issue, offset: locate(yaml, document, issue.path) }))
    .sort((a, b) => a.offset - b.offset);
  throw new SampanError(
    "task-invalid",
    placed.map((issue) => `${position(lines, path, issue.offset)} ${sentence(issue)}`).join("\n"),
    {
      hint: `Correct ${issues.length === 1 ? "it" : "them"}, then run: sampan check ${path}`,
      details: { path, issues },
    },
  );
}

function position(lines: Yaml.LineCounter, path: string, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${path}:${line}:${col}`;
}

function refuseBroken(document: Document, lines: Yaml.LineCounter, path: string): void {
  const broken = [...document.errors, ...document.warnings];
  if (broken.length === 0) return;
  if (broken.some(({ message }) => message.includes("call stack"))) throw tooDeep(path);
  const shown = broken.slice(0, 5).map((error) => {
    return `${position(lines, path, error.pos[0])} ${error.message.split(";")[0] ?? ""}`;
  });
  throw new SampanError("task-invalid", shown.join("\n"), {
    hint: "A task is one YAML 1.2 document: indent with spaces, and quote text that holds ': ' or '#'.",
  });
}

/** Offset of the value at a path, or of its key; of the last step that is there. */
function locate(yaml: typeof Yaml, document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (yaml.isAlias(node)) node = node.resolve(document);
    if (yaml.isMap(node)) {
      const pair = node.items.find(({ key }) => yaml.isScalar(key) && String(key.value) === step);
      if (pair === undefined) break;
      if (yaml.isNode(pair.key) && pair.key.range) offset = pair.key.range[0];
      node = pair.value;
    } else if (yaml.isSeq(node) && typeof step === "number") {
      node = node.items[step];
      if (yaml.isNode(node) && node.range) offset = node.range[0];
    } else break;
  }
  return offset;
}

function sentence({ path, problem, remedy }: TaskIssue): string {
  const where = path.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : `${text}${text && "."}${String(step)}`,
    "",
  );
  return `${where === "" ? "the file" : where} ${problem}. ${remedy}`;
}

/** The YAML package recurses: a nest too deep or an alias bomb surfaces as an exception. */
function guard<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof RangeError) throw tooDeep(path);
    throw new SampanError(
      "task-invalid",
      `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { hint: "Write it with fewer anchors and aliases, or without.", cause },
    );
  }
}

function tooDeep(path: string): SampanError {
  return new SampanError("task-invalid", `${path} nests too deeply`, {
    hint: "A task needs about six levels.",
  });
}

function readSmallFile(path: string): Uint8Array {
  let size: number;
  try {
    size = statSync(path).size;
    if (size <= maxTaskBytes) return readFileSync(path);
  } catch (cause) {
    const folder = existsSync(path) && statSync(path).isDirectory();
    throw new SampanError("not-found", `${path} ${folder ? "is a folder" : "cannot be read"}`, {
      hint: nearby(path, "Give the path of a task file; sampan init writes one from your data."),
      cause,
    });
  }
  throw tooLarge(path);
}

function tooLarge(path: string): SampanError {
  return new SampanError("task-invalid", `${path} is larger than ${maxTaskBytes} bytes`, {
    hint: "Keep records in data files and name them under data.",
  });
}

async function importYaml(): Promise<typeof Yaml> {
  try {
    return await import("yaml");
  } catch (cause) {
    throw new SampanError("dependency-missing", "the package yaml is not installed", {
      hint: "npm install yaml@2.9.1",
      cause,
    });
  }
}
