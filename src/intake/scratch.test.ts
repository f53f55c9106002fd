import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { takeScratch } from "./scratch.ts";

test("a scratch folder goes away with its user, and with its killed owner", () => {
  const home = mkdtempSync(join(tmpdir(), "sampan-scratch-"));
  try {
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    const left = join(home, "files", ".scratch", `${dead}-0`);
    const foreign = join(home, "files", ".scratch", "notes");
    const alive = join(home, "files", ".scratch", `${process.ppid}-0`);
    for (const folder of [left, foreign, alive]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(left, "partial"), "half a base");
    let path = "";
    {
      using scratch = takeScratch(home);
      path = scratch.path;
      expect(existsSync(path)).toBe(true);
      expect([left, foreign, alive].map(existsSync)).toEqual([false, true, true]);
    }
    expect(existsSync(path)).toBe(false);
  } finally {
    rmSync(home, { recursive: true });
  }
});
