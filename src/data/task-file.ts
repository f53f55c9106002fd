import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import type * as Yaml from "yaml";
import { SampanError, sha256, suggest, type Digest } from "../kernel/index.ts";
import { taskSchema, type Task } from "../schema/index.ts";
import { builtInReaders } from "./reader-name.ts";
import { checkTask } from "./task-checks.ts";
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
  const { task, report } = await openTask(decoded, path);
  report(checkFiles(task, folder));
  return { task, path, folder, digest: sha256(bytes) };
}

/** Checks the text of a task file, all but the files it names; `path` is for messages. */
export async function parseTask(text: string, path: string): Promise<Task> {
  return (await openTask(text, path)).task;
}

interface OpenTask {
  readonly task: Task;
  /** Throws `task-invalid` when there are issues. */
  readonly report: (issues: readonly TaskIssue[]) => void;
}

async function openTask(text: string, path: string): Promise<OpenTask> {
  if (text.length > maxTaskBytes) throw tooLarge(path);
  const { LineCounter, isMap, isNode, isScalar, isSeq, parseDocument } = await importYaml();
  const lines = new LineCounter();
  const document = parse(path, () =>
    parseDocument(text, { lineCounter: lines, prettyErrors: false, version: "1.2" }),
  );
  const position = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    throw new SampanError(
      "task-invalid",
      broken.map((error) => `${position(error.pos[0])} ${error.message}`).join("\n"),
      { hint: "A task is YAML 1.2; indent with spaces, and quote text that holds ': ' or '#'." },
    );
  }
  const locate = (steps: readonly PropertyKey[]): string => {
    let node: unknown = document.contents;
    let offset = 0;
    for (const step of steps) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
        if (pair === undefined) break;
        if (isNode(pair.key) && pair.key.range) offset = pair.key.range[0];
        node = pair.value;
      } else if (isSeq(node) && typeof step === "number") {
        node = node.items[step];
        if (isNode(node) && node.range) offset = node.range[0];
      } else break;
    }
    return position(offset);
  };
  const report = (issues: readonly TaskIssue[]): void => {
    if (issues.length === 0) return;
    const found = issues.map((issue) => `${locate(issue.path)} ${sentence(issue)}`);
    throw new SampanError("task-invalid", found.join("\n"), {
      hint: `Correct ${issues.length === 1 ? "it" : "them"}, then run: sampan check ${path}`,
      details: { path, issues },
    });
  };
  const data: unknown = parse(path, () => document.toJS({ maxAliasCount: maxAliases }));
  const parsed = taskSchema.safeParse(data);
  if (!parsed.success) report(describeIssues(parsed.error.issues, data));
  const task = parsed.success ? parsed.data : taskSchema.parse(data);
  report(checkTask(task));
  return { task, report };
}

function sentence({ path, problem, remedy }: TaskIssue): string {
  const where = path.map(String).join(".");
  return `${where === "" ? "the file" : where} ${problem}. ${remedy}`;
}

/** The YAML package recurses: a nest too deep or an alias bomb surfaces as an exception. */
function parse<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    const deep = cause instanceof RangeError;
    const why = cause instanceof Error && !deep ? cause.message : "it nests too deeply";
    throw new SampanError("task-invalid", `${path} cannot be read: ${why}`, {
      hint: "Write it flatter and with fewer aliases; a task needs about six levels.",
      cause,
    });
  }
}

function readSmallFile(path: string): Uint8Array {
  let size: number;
  try {
    size = statSync(path).size;
    if (size <= maxTaskBytes) return readFileSync(path);
  } catch (cause) {
    throw new SampanError("not-found", `${path} cannot be read`, {
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

/** What only the disk can tell: readers and paths that are not there. */
function checkFiles(task: Task, folder: string): TaskIssue[] {
  const issues: TaskIssue[] = [];
  for (const [at, source] of task.data.entries()) {
    if (!builtInReaders.includes(source.reader) && !isFile(join(folder, source.reader))) {
      issues.push({
        path: ["data", at, "reader"],
        problem: `"${source.reader}" is neither a file beside the task nor one of ${builtInReaders.join(", ")}`,
        remedy: nearby(join(folder, source.reader), "Correct the name."),
      });
    }
    const paths = source.file.places.flatMap((place) => ("path" in place ? [place.path] : []));
    const found = paths.some((path) => isFile(isAbsolute(path) ? path : join(folder, path)));
    if (found || paths.length < source.file.places.length) continue;
    issues.push({
      path: ["data", at, "file", "places", 0, "path"],
      problem: `"${paths[0] ?? ""}" is not there`,
      remedy: nearby(resolve(folder, paths[0] ?? ""), `Paths start at ${folder}.`),
    });
  }
  return issues;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function nearby(path: string, otherwise: string): string {
  const folder = dirname(path);
  if (!existsSync(folder)) return `The folder ${folder} is not there either.`;
  const near = suggest(basename(path), readdirSync(folder).slice(0, 10_000));
  return near === undefined ? otherwise : `Did you mean "${near}"?`;
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
