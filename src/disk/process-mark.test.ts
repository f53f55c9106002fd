import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { hasEnded, markProcess } from "./index.ts";

test("a process knows itself; one that ended, or another with its number, is told apart", () => {
  const own = markProcess();
  expect(hasEnded(own)).toBe(false);
  const { pid } = spawnSync(process.execPath, ["--version"]);
  expect(hasEnded({ ...own, pid })).toBe(true);
  expect(hasEnded({ ...own, born: "an earlier boot 17" })).toBe(true);
  expect(hasEnded({ host: `not-${own.host}`, pid, born: "" })).toBe(false);
});
