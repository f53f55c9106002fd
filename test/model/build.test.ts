import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copySmallTask, cutTo, prepareHome, program } from "../small-task.ts";

/**
 * The main job, cut down: a few records and steps on the real bases, by the command line. It must not
 * rot; how good the model is, is not its business.
 */
let scratch = "";

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "sampan-build-"));
  prepareHome(join(scratch, "home"));
  copySmallTask(join(scratch, "task"), "classical: false, baseSample: 4");
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function sampan(...args: readonly string[]) {
  const result = spawnSync(process.execPath, [program, ...args, "--json"], {
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
  const build = () => sampan("build", "task/task.yaml", ...cutTo(base, 40, 16), "--out", base);

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
