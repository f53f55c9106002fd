import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";

/** The command line as a script sees it: one exit status for each kind of failure, and a remedy on stderr. */
const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "sampan-exit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sampan(...args: readonly string[]) {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, "bin", "sampan.js"), ...args],
    {
      cwd: folder,
      env: { ...process.env, SAMPAN_HOME: join(folder, "home"), SAMPAN_OFFLINE: "1" },
      encoding: "utf8",
    },
  );
  return { status, stderr };
}

const task = (records: string): string => {
  writeFileSync(join(folder, "records.jsonl"), records);
  const path = join(folder, "task.yaml");
  writeFileSync(
    path,
    `name: t
input: { type: object, properties: { text: { type: string } } }
output: { type: object, properties: { kind: { enum: [a, b] } } }
data: [{ name: records, file: { places: [{ path: records.jsonl }] } }]
acceptance: { accuracy: 0.9 }
`,
  );
  return path;
};

test.each([
  ["a command that is none", ["bild"], 2, 'Did you mean "sampan build"?'],
  ["a task that is not there", ["check", "nowhere.yaml"], 2, "nowhere.yaml"],
  ["a bundle that is none", ["verify", "."], 4, ""],
  ["a base that is none", ["fetch", "gemma-3-270"], 2, "Did you mean gemma-3-270m?"],
  ["a base out of reach", ["fetch", "smollm2-135m-instruct"], 5, "by hand"],
])("%s", (_, args, status, part) => {
  const given = sampan(...args);
  expect(given.status, given.stderr).toBe(status);
  expect(given.stderr).toContain(part);
});

test("a label outside the enum names file, line and the nearest label", () => {
  const path = task('{"input":{"text":"x"},"output":{"kind":"c"}}\n');
  const given = sampan("check", path);
  expect(given.status).toBe(3);
  expect(given.stderr).toMatch(/records:1 .*"c"/);
});

test.each([
  ["gemma-3-270", "Did you mean gemma-3-270m?"],
  ["./nowhere.gguf", "nowhere.gguf"],
])("check names a base that is none: %s", (base, part) => {
  const path = task('{"input":{"text":"x"},"output":{"kind":"a"}}\n');
  appendFileSync(path, `base: ${base}\n`);
  const given = sampan("check", path);
  expect(given.status, given.stderr).toBe(2);
  expect(given.stderr).toContain(part);
});

test("a weights file that is cut short", () => {
  writeFileSync(join(folder, "cut.gguf"), Buffer.from("GGUF\u0003\0\0\0"));
  const given = sampan("fetch", "./cut.gguf");
  expect(given.status).toBe(4);
  expect(given.stderr).toContain("cut.gguf");
});
