import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { catchError } from "../../test/catch-error.ts";
import { parseTask, readTaskFile } from "./task-file.ts";

const good = `name: tickets
input: { type: object, properties: { text: { type: string } } }
output:
  type: object
  properties:
    label: { enum: [red, green] }
data:
  - name: rows
    file: { places: [{ path: rows.jsonl }] }
acceptance: { accuracy: 0.9 }
`;

test("a plain task gets its defaults", async () => {
  const task = await parseTask(good, "task.yaml");
  expect(task.splits).toEqual({ test: 0.2, validation: 0.1, seed: 1 });
  expect(task.data[0]?.reader).toBe("jsonl");
});

test("type: string beside an enum is welcome", async () => {
  const text = good.replace("{ enum: [red, green] }", "{ type: string, enum: [red, green] }");
  const task = await parseTask(text, "task.yaml");
  expect(task.output.properties["label"]).toEqual({ enum: ["red", "green"] });
});

/** What to replace in the good task, by what, and the line that must come out. */
const mistakes: readonly (readonly [string, string, string, RegExp])[] = [
  ["a misspelt key", "acceptance:", "aceptance:", /task\.yaml:10:1 aceptance .*"acceptance"\?/],
  ["a missing key", "acceptance: { accuracy: 0.9 }", "", /acceptance is missing/],
  ["a bad type", "{ type: string }", "{ type: strng }", /:2:\d+ .*text\.type cannot be "strng"/],
  ["a number as label", "[red, green]", "[red, 1]", /:6:26 .*enum\[1\] .*in quotes: "1"/],
  ["a label twice", "[red, green]", '[red, "red "]', /enum\[1\] .*twice/],
  ["an unknown required", "  properties:\n", "  required: [lable]\n  properties:\n", /"label"\?/],
  [
    "an open number",
    "{ enum: [red, green] }",
    "{ type: integer, minimum: 1 }",
    /maximum is missing/,
  ],
  ["turned bounds", "{ enum: [red, green] }", "{ type: integer, minimum: 3, maximum: 1 }", /above/],
  ["a fraction", "{ enum: [red, green] }", "{ type: integer, minimum: 0, maximum: 1.5 }", /whole/],
  ["a span of the input", "{ type: string }", "{ type: string, source: input }", /is an input/],
  ["a bad pattern", "{ enum: [red, green] }", '{ type: string, pattern: "(a" }', /not compile/],
  [
    "a slow pattern",
    "{ enum: [red, green] }",
    '{ type: string, pattern: "(a+)+b" }',
    /without bound/,
  ],
  ["an empty output", "label: { enum: [red, green] }", "{}", /has no property/],
  ["one possible answer", "[red, green]", "[red]", /:5:\d+ output.properties have one possible/],
  ["a share above one", "acceptance:", "splits: { test: 1.5 }\nacceptance:", /neither a share/],
  [
    "too much held out",
    "acceptance:",
    "splits: { test: 0.8, validation: 0.15 }\nacceptance:",
    /95 %/,
  ],
  ["an unknown column target", "    file:", "    input: { txt: a }\n    file:", /"text"\?/],
  ["a bad digest", "file: { ", "file: { sha256: abc, ", /64 lower-case hexadecimal/],
  ["broken YAML", "acceptance: {", "acceptance: {{", /task\.yaml:\d+:\d+/],
  ["a key twice", "acceptance:", "name: again\nacceptance:", /:10:1 Map keys must be unique/],
];

test.each(mistakes)("%s is placed and has a remedy", async (_, from, to, wanted) => {
  expect(good).toContain(from);
  const error = await catchError(parseTask(good.replace(from, to), "task.yaml"));
  expect(error.code).toBe("task-invalid");
  expect(error.message).toMatch(wanted);
  expect(error.hint).not.toBe("");
});

test("all mistakes come at once, in the order of the file", async () => {
  const text = good
    .replace("name: tickets", "name: My Task")
    .replace("0.9", "9")
    .replace("type: string", "type: text");
  const lines = (await catchError(parseTask(text, "t"))).message.split("\n");
  expect(lines.map((line) => line.split(" ")[0])).toEqual(["t:1:1", "t:2:46", "t:10:15"]);
});

test.each([
  ["an alias bomb", bomb(), /alias/i],
  ["a deep nest", `a: ${"[".repeat(50_000)}`, /too deeply/],
  [
    "a deep indented nest",
    Array.from({ length: 3_000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
    /./,
  ],
  ["two documents", `${good}---\n${good}`, /multiple documents/],
  ["nothing", "", /the file must be a mapping/],
  ["a list", "- a", /the file must be a mapping/],
  ["a huge file", `name: ${"x".repeat(1_100_000)}`, /larger than/],
  ["a dangerous key", `__proto__: { name: x }\n${good}`, /__proto__/],
])("%s is refused", async (_, text, wanted) => {
  const error = await catchError(parseTask(text, "task.yaml"));
  expect(error.code).toBe("task-invalid");
  expect(error.message).toMatch(wanted);
  expect(error.message.length).toBeLessThan(5_000);
});

function bomb(): string {
  const lines = ["a0: &a0 [x, x]"];
  for (let i = 1; i < 20; i++) lines.push(`a${i}: &a${i} [*a${i - 1}, *a${i - 1}, *a${i - 1}]`);
  return lines.join("\n");
}

const folder = mkdtempSync(join(tmpdir(), "sampan-task-"));
beforeAll(() => {
  writeFileSync(join(folder, "task.yaml"), good);
  writeFileSync(join(folder, "bad.yaml"), Buffer.from([0x6e, 0xff, 0xfe]));
  mkdirSync(join(folder, "inner"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a data file that is not there is placed, and a near name suggested", async () => {
  const missing = await catchError(readTaskFile(join(folder, "task.yaml")));
  expect(missing.message).toMatch(
    /task\.yaml:9:\d+ data\[0\]\.file\.places\[0\]\.path "rows\.jsonl"/,
  );
  writeFileSync(join(folder, "row.jsonl"), "");
  expect((await catchError(readTaskFile(join(folder, "task.yaml")))).message).toMatch(
    /"row\.jsonl"\?/,
  );
  writeFileSync(join(folder, "inner", "up.yaml"), good.replace("rows.jsonl", "../rows.jsonl"));
  const below = await catchError(readTaskFile(join(folder, "inner", "up.yaml")));
  expect(below.message).toContain('Did you mean "../row.jsonl"?');
  writeFileSync(join(folder, "rows.jsonl"), "");
  const { task, digest } = await readTaskFile(join(folder, "task.yaml"));
  expect([task.name, digest.length]).toEqual(["tickets", 64]);
});

test("a missing reader is placed", async () => {
  writeFileSync(
    join(folder, "reader.yaml"),
    good.replace("    file:", "    reader: ./read.ts\n    file:"),
  );
  const error = await catchError(readTaskFile(join(folder, "reader.yaml")));
  expect(error.message).toMatch(/reader\.yaml:9:5 data\[0\]\.reader "\.\/read\.ts" is neither/);
});

test.each([
  ["task.yml", "not-found", /Did you mean "task\.yaml"/],
  ["inner", "not-found", /./],
  ["nowhere/task.yaml", "not-found", /is not there either/],
  ["bad.yaml", "task-invalid", /UTF-8/],
])("the path %s gives %s", async (name, code, hint) => {
  const error = await catchError(readTaskFile(join(folder, name)));
  expect(error.code).toBe(code);
  expect(error.hint).toMatch(hint);
});
