import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeBuildLock } from "./build-lock.ts";
import { Ledger } from "./ledger.ts";
import { StageStore, type StageKey } from "./stage-store.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "sampan-ledger-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const key: StageKey = { name: "tune", version: 1, config: { rank: 8 }, inputs: { base: "ab" } };

test("a stage with the same key runs once; its digest ignores what was measured", async () => {
  const store = new StageStore(home);
  let times = 0;
  const work = async (folder: string) => {
    times += 1;
    writeFileSync(join(folder, "adapter.bin"), "weights");
    return { value: { loss: 1 }, measured: { seconds: times } };
  };
  const first = await store.run(key, work);
  const second = await store.run(key, work);
  expect([times, first.cached, second.cached]).toEqual([1, false, true]);
  expect(second.digest).toBe(first.digest);
  const other = await new StageStore(join(home, "other")).run(key, work);
  expect(other.digest).toBe(first.digest);
  expect((await store.run({ ...key, version: 2 }, work)).key).not.toBe(first.key);
});

test("a killed attempt is resumed or started afresh, and never taken for a result", async () => {
  const store = new StageStore(home);
  const killed = store.run(key, async (folder) => {
    writeFileSync(join(folder, "checkpoint"), "half");
    throw new Error("killed");
  });
  await expect(killed).rejects.toThrow("killed");
  expect(store.find(key)).toBeUndefined();
  const seen: string[][] = [];
  await store.run({ ...key, version: 9 }, async () => ({ value: {}, measured: {} }));
  const finished = await store.run(
    key,
    async (folder) => {
      seen.push(readdirSync(folder));
      return { value: {}, measured: {} };
    },
    { resumes: true, scratch: ["checkpoint"] },
  );
  expect(seen).toEqual([["checkpoint"]]);
  expect(finished.files).toEqual([]);
});

test("a stage whose file was cut is done again", async () => {
  const store = new StageStore(home);
  const work = async (folder: string) => {
    writeFileSync(join(folder, "a"), "12345");
    return { value: {}, measured: {} };
  };
  const first = await store.run(key, work);
  truncateSync(join(first.folder, "a"), 2);
  expect(store.find(key)).toBeUndefined();
  expect((await store.run(key, work)).digest).toBe(first.digest);
});

test("the ledger gives back what it was told", () => {
  using ledger = new Ledger(home);
  ledger.startRun({
    id: "r1",
    task: "t",
    started: "2026-01-01T00:00:00Z",
    command: "c",
    provenance: { node: "24" },
  });
  ledger.addStage("r1", 0, {
    name: "tune",
    key: "k",
    digest: "d",
    cached: false,
    seconds: 1.5,
    inputs: { base: "b" },
    measured: {},
  });
  ledger.addNumbers("r1", [
    {
      id: "x.cost",
      value: undefined,
      unit: "USD",
      formula: "a + b",
      terms: { a: 1 },
      stage: "tune",
    },
  ]);
  ledger.endRun("r1", "won", 2, { winner: "x" });
  expect(ledger.findRuns("r")).toMatchObject([
    { id: "r1", status: "won", seconds: 2, result: { winner: "x" } },
  ]);
  expect(ledger.stages("r1")).toMatchObject([
    { name: "tune", seconds: 1.5, inputs: { base: "b" } },
  ]);
  expect(ledger.numbers("r1")).toMatchObject([{ id: "x.cost", value: undefined, terms: { a: 1 } }]);
});

test("one build at a time; a dead owner's lock is taken over", () => {
  writeFileSync(join(home, "build.lock"), `${process.ppid}`);
  expect(() => takeBuildLock(home)).toThrow(/is building/);
  writeFileSync(join(home, "build.lock"), "999999999");
  {
    using lock = takeBuildLock(home);
    expect(lock).toBeDefined();
  }
  expect(existsSync(join(home, "build.lock"))).toBe(false);
});

test("what a killed attempt had half written never becomes a file of the stage", async () => {
  const store = new StageStore(home);
  const killed = store.run(
    key,
    async (folder) => {
      writeFileSync(join(folder, ".adapter.bin.123.partial"), "ha");
      writeFileSync(join(folder, "checkpoint"), "step 4");
      throw new Error("killed");
    },
    { resumes: true, scratch: ["checkpoint"] },
  );
  await expect(killed).rejects.toThrow("killed");
  const seen: string[][] = [];
  const again = await store.run(
    key,
    async (folder) => {
      seen.push(readdirSync(folder));
      writeFileSync(join(folder, "adapter.bin"), "half");
      return { value: {}, measured: {} };
    },
    { resumes: true, scratch: ["checkpoint"] },
  );
  expect(seen).toEqual([["checkpoint"]]);
  expect(again.files.map(({ path }) => path)).toEqual(["adapter.bin"]);
});

test("a ledger of a newer Sampan is refused and left as it is", () => {
  new Ledger(home)[Symbol.dispose]();
  const database = new DatabaseSync(join(home, "ledger.sqlite"));
  database.exec("PRAGMA user_version = 99");
  database.close();
  expect(() => new Ledger(home)).toThrow(/newer Sampan/);
});

test("a run whose process was killed is entered as interrupted when the ledger is opened next", () => {
  const run = { task: "t", started: "2026-01-01T00:00:00Z", command: "c", provenance: {} };
  {
    using ledger = new Ledger(home);
    for (const id of ["mine", "killed", "elsewhere"]) ledger.startRun({ id, ...run });
  }
  const database = new DatabaseSync(join(home, "ledger.sqlite"));
  const remark = database.prepare("UPDATE runs SET process = json_patch(process, ?) WHERE id = ?");
  remark.run('{"pid":999999999}', "killed");
  remark.run('{"pid":999999999,"host":"another"}', "elsewhere");
  database.close();
  using ledger = new Ledger(home);
  const statuses = Object.fromEntries(ledger.runs(9).map(({ id, status }) => [id, status]));
  expect(statuses).toEqual({ mine: "running", killed: "interrupted", elsewhere: "running" });
});

test("a ledger of the first version is brought up to date", () => {
  const database = new DatabaseSync(join(home, "ledger.sqlite"));
  database.exec(`
    CREATE TABLE runs (id TEXT PRIMARY KEY, task TEXT NOT NULL, status TEXT NOT NULL,
      started TEXT NOT NULL, seconds REAL, command TEXT NOT NULL, provenance TEXT NOT NULL, result TEXT) STRICT;
    INSERT INTO runs VALUES ('old', 't', 'running', '2026-01-01', NULL, 'c', '{}', NULL);
    PRAGMA user_version = 1;
  `);
  database.close();
  using ledger = new Ledger(home);
  expect(ledger.runs(9)).toMatchObject([{ id: "old", status: "interrupted" }]);
  ledger.startRun({ id: "new", task: "t", started: "2026-01-02", command: "c", provenance: {} });
  expect(ledger.runs(1)).toMatchObject([{ id: "new", status: "running" }]);
});

test("scratch outlives the work until the stage is there, and no longer", async () => {
  const store = new StageStore(home);
  const options = { resumes: true, scratch: ["work"] };
  const work = async (folder: string) => {
    mkdirSync(join(folder, "work"), { recursive: true });
    writeFileSync(join(folder, "work", "checkpoint"), "step 4");
    writeFileSync(join(folder, "adapter.bin"), "weights");
    return { value: {}, measured: {} };
  };
  // The stage cannot be published: the marker's place is taken.
  const spoilt = store.run(
    key,
    async (folder) => {
      mkdirSync(join(folder, "stage.json"));
      return work(folder);
    },
    options,
  );
  await expect(spoilt).rejects.toThrow();
  const [attempt = ""] = readdirSync(join(home, "stages"));
  expect(readdirSync(join(home, "stages", attempt, "work"))).toEqual(["checkpoint"]);
  const { folder, files } = await store.run(key, work, options);
  expect(readdirSync(folder).sort()).toEqual(["adapter.bin", "stage.json"]);
  expect(files.map(({ path }) => path)).toEqual(["adapter.bin"]);
  // A kill between the two: the next run tidies up.
  mkdirSync(join(folder, "work"));
  expect((await store.run(key, work, options)).cached).toBe(true);
  expect(readdirSync(folder)).not.toContain("work");
});
