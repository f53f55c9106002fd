import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** How a build begins, seen from outside and without a network: the plan, then what stops it. */
const program = join(resolve(import.meta.dirname, ".."), "bin", "sampan.js");
const folder = mkdtempSync(join(tmpdir(), "sampan-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Line {
  readonly kind: string;
  readonly stage?: string;
  readonly code?: string;
  readonly lines?: readonly string[];
}

beforeAll(() => {
  const records = Array.from({ length: 60 }, (_, i) =>
    JSON.stringify({ input: { text: `thing ${i}` }, output: { kind: i % 2 === 0 ? "a" : "b" } }),
  );
  writeFileSync(join(folder, "records.jsonl"), records.join("\n"));
  writeFileSync(
    join(folder, "task.yaml"),
    `name: t
input: { type: object, properties: { text: { type: string } } }
output: { type: object, properties: { kind: { enum: [a, b] } } }
data: [{ name: records, file: { places: [{ path: records.jsonl }] } }]
acceptance: { accuracy: 0.9 }
`,
  );
});

function build(...more: readonly string[]) {
  const args = [program, "build", "task.yaml", "--json", ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, SAMPAN_HOME: join(folder, "home"), SAMPAN_OFFLINE: "1" },
    encoding: "utf8",
  });
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  return { status, stderr, lines };
}

test("the plan, with its time, comes before the base is fetched", () => {
  const { status, lines } = build();
  const plan = lines.findIndex(({ kind }) => kind === "plan");
  const intake = lines.findIndex(({ kind, stage }) => kind === "stage-start" && stage === "intake");
  expect(plan).toBeGreaterThan(-1);
  expect(intake).toBeGreaterThan(plan);
  const text = lines[plan]?.lines?.join("\n") ?? "";
  expect(text).toMatch(/60 records, base gemma-3-270m/);
  expect(text).toMatch(/fetch +the base, 253 MB, once/);
  expect(text).toMatch(/tune +rank 8, .* about .*(s|min)/);
  expect([status, lines.at(-1)?.code]).toEqual([5, "source-unreachable"]);
  expect(readdirSync(folder)).not.toContain("out");
});
