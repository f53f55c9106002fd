import type { z } from "zod";
import { suggest } from "../kernel/index.ts";
import { knownKeys } from "./task-json-schema.ts";

/** One thing that is wrong in a task file, and what to do about it. */
export interface TaskIssue {
  /** From the top of the file to the value; the last step may be a key that should not be there. */
  readonly path: readonly PropertyKey[];
  readonly problem: string;
  readonly remedy: string;
}

type ZodIssue = z.core.$ZodIssue;

/** What zod found, in words for people; of a union only the option that was most likely meant. */
export function describeIssues(issues: readonly ZodIssue[], data: unknown): TaskIssue[] {
  return issues.flatMap((issue) => flatten(issue, [])).flatMap((issue) => describe(issue, data));
}

/** Paths made whole, unions replaced by the issues of their nearest option. */
function flatten(issue: ZodIssue, prefix: readonly PropertyKey[]): ZodIssue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== "invalid_union") return [{ ...issue, path }];
  const options = issue.errors.map((option) => option.flatMap((inner) => flatten(inner, path)));
  options.sort((a, b) => distance(a) - distance(b));
  return options[0] ?? [{ ...issue, path }];
}

/** How far an option of a union is from what was written: unfitting keys and types weigh most. */
function distance(issues: readonly ZodIssue[]): number {
  let total = 0;
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") total += 2 * issue.keys.length;
    else total += issue.code === "invalid_value" ? 3 : 1;
  }
  return total;
}

function describe(issue: ZodIssue, data: unknown): TaskIssue[] {
  const value = valueAt(data, issue.path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = knownKeys(issue.path);
      return issue.keys.map((key) => unknownKey([...issue.path, key], key, known));
    }
    case "invalid_type":
      return [describeType(issue.path, issue.expected, value)];
    case "invalid_value":
      return [describeChoice(issue.path, issue.values.map(String), value)];
    case "too_small":
    case "too_big":
      return [describeSize(issue)];
    case "invalid_format":
      return [
        { path: issue.path, problem: `${show(value)} is not valid`, remedy: formatRemedy(issue) },
      ];
    case "invalid_key":
      return [
        {
          path: issue.path,
          problem: "is not a name that a property can have",
          remedy: "Use letters, digits, _ and -, beginning with a letter or _.",
        },
      ];
    default:
      return [{ path: issue.path, problem: issue.message, remedy: "See docs/task.schema.json." }];
  }
}

function unknownKey(path: PropertyKey[], key: string, known: readonly string[]): TaskIssue {
  const near = suggest(key, known);
  return {
    path,
    problem: "is not a key that can stand here",
    remedy: near === undefined ? `Known keys: ${known.join(", ")}.` : `Did you mean "${near}"?`,
  };
}

function describeType(path: PropertyKey[], expected: string, value: unknown): TaskIssue {
  if (value === undefined) {
    return { path, problem: "is missing", remedy: `Add it (${article(expected)}).` };
  }
  const quoted = expected === "string" && (typeof value === "number" || typeof value === "boolean");
  return {
    path,
    problem: `must be ${article(expected)}, but is ${show(value)}`,
    remedy: quoted ? `Write it in quotes: "${String(value)}".` : `Write ${article(expected)} here.`,
  };
}

/** The kinds of field; zod reports the kinds of one option only. */
const fieldKinds = ["string", "integer", "number", "boolean", "array"];

function describeChoice(path: PropertyKey[], values: string[], value: unknown): TaskIssue {
  const ofField = path.at(-1) === "type" && path.includes("properties");
  const choices = ofField ? fieldKinds : values;
  const near = typeof value === "string" ? suggest(value, choices) : undefined;
  return {
    path,
    problem: value === undefined ? "is missing" : `cannot be ${show(value)}`,
    remedy: near === undefined ? `Use one of: ${choices.join(", ")}.` : `Did you mean "${near}"?`,
  };
}

function describeSize(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): TaskIssue {
  const [word, bound] =
    issue.code === "too_small"
      ? [issue.inclusive === false ? "more than" : "at least", issue.minimum]
      : [issue.inclusive === false ? "less than" : "at most", issue.maximum];
  const unit =
    issue.origin === "string" ? " characters" : issue.origin === "array" ? " entries" : "";
  return {
    path: issue.path,
    problem: `must ${unit === "" ? "be" : "have"} ${word} ${bound}${unit}`,
    remedy: `Change it to ${word} ${bound}${unit}.`,
  };
}

function formatRemedy(issue: z.core.$ZodIssueInvalidStringFormat): string {
  const [first = "", ...rest] = issue.message;
  if (!issue.message.startsWith("Invalid")) return `${first.toUpperCase()}${rest.join("")}.`;
  return `It must match ${"pattern" in issue ? String(issue.pattern) : issue.format}.`;
}

function article(kind: string): string {
  if (kind === "object") return "a mapping (key: value)";
  if (kind === "array") return "a list";
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

/** A value as it is quoted in a message, cut to a readable length. */
export function show(value: unknown): string {
  const text =
    typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? "nothing");
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = data;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}
