import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { errorKinds, SampanError, sha256, type SampanEvent } from "../src/kernel/index.ts";
import { Ledger } from "../src/ledger/index.ts";
import { explainFailure, operations, type OperationContext } from "../src/operations/index.ts";

/** How a build begins, without a network: the plan, or what is wrong, where, and what to do about it. */
const root = resolve(import.meta.dirname, "..");
const families = join(root, "test", "fixtures", "families");
let folder = "";
let events: SampanEvent[] = [];

const record = (text: string, kind: string) =>
  `${JSON.stringify({ input: { text }, output: { kind } })}\n`;
const records = Array.from({ length: 60 }, (_, i) => record(`thing ${i}`, i % 2 === 0 ? "a" : "b"));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sampan-start-"));
  events = [];
  writeFileSync(join(folder, "records.jsonl"), records.join(""));
  writeTask({});
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeTask({ path = "records.jsonl", reader = "jsonl", more = "" }): void {
  const text = `name: t
input: { type: object, properties: { text: { type: string } } }
output: { type: object, properties: { kind: { enum: [a, b] } } }
data: [{ name: records, file: { places: [{ path: ${path} }] }, reader: ${reader} }]
acceptance: { accuracy: 0.9 }
${more}
`;
  writeFileSync(join(folder, "task.yaml"), text);
}

const context = (): OperationContext => ({
  cwd: folder,
  home: join(folder, "home"),
  emit: (event) => void events.push(event),
  now: () => 0,
  clock: () => 0,
  signal: new AbortController().signal,
  screen: { columns: 80, colour: false },
  environment: { SAMPAN_OFFLINE: "1" },
  command: "sampan build task.yaml",
});

/** The error that ends the build; it must leave no result and nothing half-written. */
async function failingBuild(): Promise<SampanError> {
  const build = operations.find(({ name }) => name === "build");
  const input = build?.input.parse({ task: "task.yaml" }) ?? {};
  const cause: unknown = await build?.run(input, context()).catch((thrown: unknown) => thrown);
  const error = explainFailure(cause);
  if (!SampanError.isInstance(error)) throw new Error(`no SampanError but ${String(cause)}`);
  expect(existsSync(join(folder, "out"))).toBe(false);
  expect(leftovers()).toEqual([]);
  return error;
}

/** What a finished command may not leave in the store. */
function leftovers(): string[] {
  return filesIn(join(folder, "home")).filter((path) => /partial|lock|scratch|wal$/.test(path));
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test("the plan, with its time, comes before the base is fetched", async () => {
  expect((await failingBuild()).code).toBe("source-unreachable");
  const plan = events.findIndex(({ kind }) => kind === "plan");
  const intake = events.findIndex(
    (event) => event.kind === "stage-start" && event.stage === "intake",
  );
  expect(plan).toBeGreaterThan(-1);
  expect(intake).toBeGreaterThan(plan);
  const told = events[plan];
  const text = told?.kind === "plan" ? told.lines.join("\n") : "";
  expect(text).toMatch(/60 records, base gemma-3-270m/);
  expect(text).toMatch(/fetch +the base, 253 MB, once/);
  expect(text).toMatch(/tune +rank 8, .* about .*(s|min)/);
});

test("records are traced to their file and to the module that read it", async () => {
  const module = `export default function* (bytes) {
    const text = new TextDecoder().decode(bytes);
    for (const line of text.trim().split("\\n")) yield JSON.parse(line);
  }\n`;
  writeFileSync(join(folder, "read.mjs"), module);
  writeTask({ reader: "./read.mjs" });
  await failingBuild();
  using ledger = new Ledger(join(folder, "home"));
  const [run] = ledger.runs(1);
  const stage = ledger.stages(run?.id ?? "").find(({ name }) => name === "records");
  expect(stage?.inputs).toEqual({
    task: sha256(readFileSync(join(folder, "task.yaml"))),
    "data records": sha256(readFileSync(join(folder, "records.jsonl"))),
    "reader of records": sha256(module),
  });
});

/** What is done to good input, then the exit status, the place in the message, and the remedy. */
const badInputs: Readonly<Record<string, readonly [() => void, number, RegExp, RegExp]>> = {
  "a path with a typing mistake": [
    () => writeTask({ path: "recrods.jsonl" }),
    2,
    /task\.yaml:4:\d+ data\[0\].* "recrods\.jsonl" is not there. Did you mean "records\.jsonl"\?/,
    /sampan check/,
  ],
  "a folder for a file": [
    () => writeTask({ path: "." }),
    2,
    /task\.yaml:4:\d+ .* "\." is no file\. Name one file/,
    /sampan check/,
  ],
  "a label outside the enum": [
    () => appendFileSync(join(folder, "records.jsonl"), record("new", "A")),
    3,
    /records:61 output\.kind "A" is not in the enum\. Did you mean "a"\?/,
    /nothing is dropped silently/,
  ],
  "an empty record": [
    () => appendFileSync(join(folder, "records.jsonl"), record("", "a")),
    3,
    /records:61 input\.text is missing/,
    /Correct them in the file/,
  ],
  "an empty file": [
    () => writeFileSync(join(folder, "records.jsonl"), "\n\n"),
    3,
    /records has no records/,
    /right one/,
  ],
  "nothing but duplicates": [
    () => writeFileSync(join(folder, "records.jsonl"), (records[0] ?? "").repeat(60)),
    3,
    /split is empty \(1 records/,
    /Add records/,
  ],
  "one question with two answers": [
    () => appendFileSync(join(folder, "records.jsonl"), record("thing 1", "a")),
    3,
    /records:2 has the output .*records:61 gives the same input/,
    /Decide which output is right/,
  ],
  "a data file that is no text": [
    () => writeFileSync(join(folder, "records.jsonl"), Buffer.alloc(300, "a\0b")),
    3,
    /records:1 has a NUL byte/,
    /UTF-8/,
  ],
  "a base that is not there": [
    () => writeTask({ more: "base: ./nope.gguf" }),
    2,
    /no base "\.\/nope\.gguf" and no file .*nope\.gguf/,
    /Known bases: gemma-3-270m/,
  ],
  "a base of an unknown family": [
    () => {
      const config = join(copyFamily(), "config.json");
      writeFileSync(config, readFileSync(config, "utf8").replaceAll(/qwen2/gi, "mamba"));
    },
    4,
    /model type "mamba" is not supported/,
    /Supported are .*Qwen 3 and Gemma 3/,
  ],
  "safetensors that are cut short": [
    () => truncateSync(join(copyFamily(), "model.safetensors"), 1_000),
    4,
    /model\.safetensors, byte 0: a header of \d+ bytes is promised/,
    /fetch it again/,
  ],
  "a GGUF file that lies about its counts": [
    () => {
      const header = Buffer.alloc(24);
      header.write("GGUF");
      header.writeUInt32LE(3, 4);
      header.writeBigUInt64LE(2n ** 63n - 1n, 8);
      writeFileSync(join(folder, "lie.gguf"), header);
      writeTask({ more: "base: ./lie.gguf" });
    },
    4,
    /lie\.gguf, byte 8: the number of tensors is/,
    /fetch it again/,
  ],
};

function copyFamily(): string {
  const copy = join(folder, "base");
  cpSync(join(families, "qwen2"), copy, { recursive: true });
  writeTask({ more: "base: ./base" });
  return copy;
}

describe("refuses, with place and remedy and nothing half-written,", () => {
  test.each(Object.entries(badInputs))("%s", async (_, [spoil, exit, place, remedy]) => {
    spoil();
    const error = await failingBuild();
    expect(error.message).toMatch(place);
    expect(error.hint).toMatch(remedy);
    expect(errorKinds[error.code].exit).toBe(exit);
  });
});

test("a disk that fills: the remedy is told, and the next try finds nothing half-written", () => {
  const home = join(folder, "home");
  const program = join(root, "bin", "sampan.js");
  // The limit on a file's size stands for the end of the disk: writing past it fails in the same way.
  const fetch = (limit: string) =>
    spawnSync(
      "sh",
      [
        "-c",
        `ulimit -f ${limit}; exec "$0" "$@"`,
        process.execPath,
        program,
        "fetch",
        join(families, "qwen2"),
      ],
      {
        cwd: folder,
        env: { ...process.env, SAMPAN_HOME: home, NODE_DISABLE_COMPILE_CACHE: "1" },
        encoding: "utf8",
      },
    );
  const full = fetch("20");
  expect(full.status, full.stderr).toBe(5);
  expect(full.stderr).toMatch(/disk-failed.*could not be written[^]*Free some space/);
  expect(filesIn(home)).toEqual([]);
  expect(fetch("unlimited").status).toBe(0);
});
