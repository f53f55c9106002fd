import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { suggest } from "../kernel/index.ts";
import type { Task } from "../schema/index.ts";
import { builtInReaders } from "./reader-name.ts";
import type { TaskIssue } from "./task-issue.ts";

/** What only the disk can tell: readers and paths that are not there. */
export function checkFiles(task: Task, folder: string): TaskIssue[] {
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
    const [first = ""] = paths;
    const path = resolve(folder, first);
    issues.push({
      path: ["data", at, "file", "places", 0, "path"],
      ...(existsSync(path)
        ? {
            problem: `"${first}" is no file`,
            remedy: "Name one file; a source of its own for each.",
          }
        : {
            problem: `"${first}" is not there`,
            remedy: nearby(path, `Paths start at ${folder}.`, first),
          }),
    });
  }
  return issues;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** A remedy for a path that is not there: what stands near it, written as the path was given. */
export function nearby(path: string, otherwise: string, given: string = basename(path)): string {
  const folder = dirname(path);
  if (existsSync(path) && existsSync(join(path, "task.yaml"))) {
    return `Did you mean "${join(path, "task.yaml")}"?`;
  }
  if (!existsSync(folder)) return `The folder ${folder} is not there either.`;
  const near = suggest(basename(path), readdirSync(folder).slice(0, 10_000));
  return near === undefined || near === basename(path)
    ? otherwise
    : `Did you mean "${join(dirname(given), near)}"?`;
}
