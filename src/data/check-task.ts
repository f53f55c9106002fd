import { suggest } from "../kernel/index.ts";
import { isRequired, type FieldSchema, type ObjectSchema, type Task } from "../schema/index.ts";
import { patternProblem } from "./check-pattern.ts";
import { show, type TaskIssue } from "./task-issue.ts";

/** What a schema alone cannot see: parts of a task that do not fit each other. */
export function checkTask(task: Task): TaskIssue[] {
  return [
    ...checkObject(task.input, ["input"]),
    ...checkObject(task.output, ["output"]),
    ...checkAnswers(task.output),
    ...checkSpans(task),
    ...checkSplitSettings(task),
    ...checkSources(task),
  ];
}

function checkObject(schema: ObjectSchema, path: readonly string[]): TaskIssue[] {
  const names = Object.keys(schema.properties);
  const issues: TaskIssue[] = [];
  if (names.length === 0) {
    issues.push({
      path: [...path, "properties"],
      problem: "has no property",
      remedy: "Name at least one.",
    });
  }
  for (const [at, name] of (schema.required ?? []).entries()) {
    if (names.includes(name)) continue;
    const near = suggest(name, names);
    issues.push({
      path: [...path, "required", at],
      problem: `names ${show(name)}, which is not among the properties`,
      remedy: near === undefined ? `Properties: ${names.join(", ")}.` : `Did you mean "${near}"?`,
    });
  }
  for (const [name, field] of Object.entries(schema.properties)) {
    issues.push(...checkField(field, [...path, "properties", name]));
  }
  return issues;
}

function checkField(field: FieldSchema, path: readonly string[]): TaskIssue[] {
  if ("enum" in field) return checkChoices(field.enum, path);
  if ("const" in field) return [];
  switch (field.type) {
    case "array":
      return [
        ...ordered(path, "minItems", field.minItems, "maxItems", field.maxItems),
        ...checkField(field.items, [...path, "items"]),
      ];
    case "string": {
      const issues = ordered(path, "minLength", field.minLength, "maxLength", field.maxLength);
      if (field.pattern !== undefined && field.source === "input") {
        issues.push({
          path: [...path, "pattern"],
          problem: "cannot stand beside source: input, which already says what values there are",
          remedy: "Leave one of the two out.",
        });
      }
      if (field.wholeWords !== undefined && field.source !== "input") {
        issues.push({
          path: [...path, "wholeWords"],
          problem: "says how spans of the input are cut, and this is none",
          remedy: "Add source: input, or leave wholeWords out.",
        });
      }
      const problem = field.pattern === undefined ? undefined : patternProblem(field.pattern);
      return problem === undefined
        ? issues
        : [...issues, { path: [...path, "pattern"], ...problem }];
    }
    case "boolean":
      return [];
    default:
      return [
        ...ordered(path, "minimum", field.minimum, "maximum", field.maximum),
        ...checkWhole(field, path),
      ];
  }
}

function checkWhole(
  field: Extract<FieldSchema, { minimum: number }>,
  path: readonly string[],
): TaskIssue[] {
  if (field.type !== "integer") return [];
  const issues: TaskIssue[] = [];
  for (const key of ["minimum", "maximum"] as const) {
    if (Number.isSafeInteger(field[key])) continue;
    issues.push({
      path: [...path, key],
      problem: `of an integer cannot be ${field[key]}`,
      remedy: "Use a whole number of at most 15 digits.",
    });
  }
  if ((field.decimals ?? 0) > 0) {
    issues.push({
      path: [...path, "decimals"],
      problem: "of an integer must be 0",
      remedy: "Leave decimals out, or use type: number.",
    });
  }
  return issues;
}

function checkChoices(choices: readonly string[], path: readonly string[]): TaskIssue[] {
  const issues: TaskIssue[] = [];
  const seen = new Map<string, number>();
  for (const [at, choice] of choices.entries()) {
    const trimmed = choice.trim();
    const first = seen.get(trimmed);
    if (trimmed !== choice || /[\p{Cc}]/u.test(choice)) {
      issues.push({
        path: [...path, "enum", at],
        problem: `${show(choice)} begins or ends with a space, or holds a control character`,
        remedy: `Write ${show(trimmed)}.`,
      });
    }
    if (first !== undefined) {
      issues.push({
        path: [...path, "enum", at],
        problem: `${show(choice)} is there twice (also as entry ${first + 1})`,
        remedy: "Leave one out.",
      });
    }
    seen.set(trimmed, at);
  }
  return issues;
}

function ordered(
  path: readonly string[],
  low: string,
  lowest: number | undefined,
  high: string,
  highest: number | undefined,
): TaskIssue[] {
  if (lowest === undefined || highest === undefined || lowest <= highest) return [];
  return [
    {
      path: [...path, low],
      problem: `is ${lowest}, above ${high}, which is ${highest}`,
      remedy: `Make ${low} at most ${high}.`,
    },
  ];
}

/** Where every record has the same answer there is nothing to learn. */
function checkAnswers(output: ObjectSchema): TaskIssue[] {
  const fields = Object.entries(output.properties);
  if (fields.length === 0) return [];
  if (!fields.every(([name, field]) => isRequired(output, name) && hasOneValue(field))) return [];
  return [
    {
      path: ["output", "properties"],
      problem: "have one possible value each, so there is nothing to answer",
      remedy: "Give one of them a second value, or write the constants without a model.",
    },
  ];
}

function hasOneValue(field: FieldSchema): boolean {
  if ("const" in field) return true;
  if ("enum" in field) return field.enum.length === 1;
  return "minimum" in field && field.minimum === field.maximum;
}

/** `source: input` copies from the input: only outputs can, and only when the input has text. */
function checkSpans(task: Task): TaskIssue[] {
  const issues: TaskIssue[] = [];
  for (const [name, field] of Object.entries(task.input.properties)) {
    if (!isSpan(field)) continue;
    issues.push({
      path: ["input", "properties", name],
      problem: "is an input, so it cannot have source: input",
      remedy: "Leave source out here; it belongs to output properties.",
    });
  }
  const inputHasText = Object.values(task.input.properties).some(isText);
  for (const [name, field] of Object.entries(task.output.properties)) {
    if (!isSpan(field) || inputHasText) continue;
    issues.push({
      path: ["output", "properties", name],
      problem: "is copied from the input, but the input has no text",
      remedy: "Add a property of type string to the input, or leave source out.",
    });
  }
  return issues;
}

function isText(field: FieldSchema): boolean {
  return "type" in field && field.type === "string";
}

function isSpan(field: FieldSchema): boolean {
  if (!("type" in field)) return false;
  if (field.type === "array") return isSpan(field.items);
  return field.type === "string" && field.source === "input";
}

function checkSplitSettings(task: Task): TaskIssue[] {
  const { test, validation } = task.splits;
  const issues: TaskIssue[] = [];
  for (const [key, value] of Object.entries({ test, validation })) {
    if (value < 1 || Number.isInteger(value)) continue;
    issues.push({
      path: ["splits", key],
      problem: `is ${value}: neither a share below 1 nor a whole number of records`,
      remedy: `Write a share such as 0.2, or a number such as ${Math.round(value)}.`,
    });
  }
  if (test < 1 && validation < 1 && test + validation > 0.9) {
    issues.push({
      path: ["splits", "test"],
      problem: `and validation hold out ${Math.round((test + validation) * 100)} % of the records`,
      remedy: "Leave at least a tenth for tuning; test: 0.2 and validation: 0.1 are usual.",
    });
  }
  return issues;
}

function checkSources(task: Task): TaskIssue[] {
  const issues: TaskIssue[] = [];
  const names = new Set<string>();
  for (const [at, source] of task.data.entries()) {
    if (names.has(source.name)) {
      issues.push({
        path: ["data", at, "name"],
        problem: `${show(source.name)} is used twice`,
        remedy: "Give every data source a name of its own.",
      });
    }
    names.add(source.name);
    for (const side of ["input", "output"] as const) {
      const known = Object.keys(task[side].properties);
      for (const name of Object.keys(source[side] ?? {})) {
        if (known.includes(name)) continue;
        const near = suggest(name, known);
        issues.push({
          path: ["data", at, side, name],
          problem: `is not a property of the task's ${side}`,
          remedy:
            near === undefined ? `Properties: ${known.join(", ")}.` : `Did you mean "${near}"?`,
        });
      }
    }
  }
  return issues;
}
