import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Ledger } from "../ledger/index.ts";
import { explainFailure } from "./explain-failure.ts";

test("a full disk and a spoilt ledger are told as such, anything else is left alone", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
  });
  expect(explainFailure(full)).toMatchObject({ code: "disk-failed", cause: full });
  const home = mkdtempSync(join(tmpdir(), "sampan-spoilt-"));
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, "ledger.sqlite"),
    "this is no database, and long enough to be read as one".repeat(50),
  );
  let cause: unknown;
  try {
    new Ledger(home)[Symbol.dispose]();
  } catch (error) {
    cause = error;
  }
  rmSync(home, { recursive: true, force: true });
  expect(explainFailure(cause)).toMatchObject({ code: "disk-failed" });
  const other = new TypeError("a defect");
  expect(explainFailure(other)).toBe(other);
});
