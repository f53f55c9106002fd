import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTaskFile } from "./task-file.ts";
import { knownKeys, taskJsonSchema } from "./task-json-schema.ts";

const root = join(import.meta.dirname, "..", "..");

test("docs/task.schema.json is current (write it with: node tools/write-task-schema.ts)", () => {
  const text = readFileSync(join(root, "docs", "task.schema.json"), "utf8");
  expect(JSON.parse(text)).toEqual(taskJsonSchema());
});

test.each(["industry-code", "postal-address"])("the example %s is in order", async (name) => {
  const path = join(root, "examples", name, "task.yaml");
  const { task } = await readTaskFile(path);
  expect(task.name).toBe(name);
  expect(readFileSync(path, "utf8")).toMatch(
    /^# yaml-language-server: \$schema=\.\.\/\.\.\/docs\/task\.schema\.json\n/,
  );
});

test("known keys follow a path through lists, maps and unions", () => {
  expect(knownKeys([])).toContain("acceptance");
  expect(knownKeys(["input", "properties", "text"])).toContain("maxLength");
  expect(knownKeys(["input", "properties"])).toEqual([]);
  expect(knownKeys(["data", 0, "file", "places", 1])).toEqual(
    expect.arrayContaining(["path", "npm", "pip", "hub"]),
  );
});
