import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { catchError } from "../../test/catch-error.ts";
import { sha256, type SampanEvent } from "../kernel/index.ts";
import { openBase, readBaseCatalogue } from "./open-base.ts";

/** Tiny random models made by bench/peers/make-family-fixtures.py. */
const families = join(import.meta.dirname, "../../test/fixtures/families");
let home = "";
let events: SampanEvent[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "sampan-base-"));
  events = [];
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function open(name: string, baseFolder = families): ReturnType<typeof openBase> {
  const emit = (event: SampanEvent): void => void events.push(event);
  return openBase(name, { home, baseFolder, emit, offline: true, environment: {} });
}

test("the catalogue is well-formed, pinned by digest and says its licences", () => {
  const catalogue = readBaseCatalogue();
  expect(catalogue.map(({ name }) => name)).toContain("gemma-3-270m");
  expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
  for (const { licence } of catalogue) {
    expect(licence.files.length).toBeGreaterThan(0);
    for (const { file } of licence.files) expect(file.sha256).toBeDefined();
    if (licence.id.startsWith("LicenseRef-")) expect(licence.notice).toMatch(/terms/i);
  }
});

test("a folder is converted once, then found again", async () => {
  const base = await open("smollm");
  expect(base.config.family).toBe("llama");
  expect(base.path.startsWith(join(home, "converted"))).toBe(true);
  expect(base.sha256).toBe(sha256(readFileSync(base.path)));
  expect(events.map(({ kind }) => kind)).toEqual(["note"]);
  const again = await open("smollm");
  expect(again).toEqual(base);
  expect(events).toHaveLength(1);
});

test("a changed folder is another base", async () => {
  const folder = join(home, "copy");
  cpSync(join(families, "qwen2"), folder, { recursive: true });
  const before = await open(folder);
  writeFileSync(join(folder, "README.md"), "---\nlicense: apache-2.0\n---\n");
  writeFileSync(join(folder, "LICENSE.txt"), "the text");
  const after = await open(folder);
  expect(after.path).not.toBe(before.path);
  expect([before.licence?.id, after.licence?.id]).toEqual([undefined, "Apache-2.0"]);
  expect(after.licenceFiles).toEqual([{ name: "LICENSE.txt", path: join(folder, "LICENSE.txt") }]);
});

test("a Gemma that somebody brings has Gemma's terms said aloud", async () => {
  const folder = join(home, "gemma");
  cpSync(join(families, "gemma3"), folder, { recursive: true });
  writeFileSync(join(folder, "README.md"), "---\nlicense: gemma\n---\n");
  const { licence } = await open(folder);
  expect(licence?.id).toBe("LicenseRef-Gemma");
  expect(licence?.notice).toMatch(/Gemma Terms of Use/);
});

test("the path of a GGUF file is a base", async () => {
  const converted = await open("gemma3");
  const base = await open(converted.path);
  expect(base).toMatchObject({
    name: "gemma3",
    reference: `sha256:${base.sha256}`,
    sha256: converted.sha256,
    source: base.path,
  });
});

test("a cut file and a file that is no GGUF are said by name", async () => {
  const { path } = await open("qwen3");
  const cut = join(home, "cut.gguf");
  cpSync(path, cut);
  truncateSync(cut, 20_000);
  const error = await catchError(open(cut));
  expect(error.code).toBe("format-corrupt");
  expect(error.message).toContain(cut);
  writeFileSync(cut, "");
  expect((await catchError(open(cut))).code).toBe("format-corrupt");
});

test("an interrupted conversion leaves nothing that looks finished", async () => {
  const folder = join(home, "copy");
  cpSync(join(families, "qwen2"), folder, { recursive: true });
  truncateSync(join(folder, "model.safetensors"), 30_000);
  expect((await catchError(open(folder))).code).toBe("format-corrupt");
});

test("a misspelt name gets the nearest one", async () => {
  const error = await catchError(open("gema-3-270m"));
  expect(error.code).toBe("not-found");
  expect(error.hint).toMatch(/Did you mean gemma-3-270m\?/);
  expect((await catchError(open("something-else-entirely"))).hint).toMatch(/^Known bases: /);
});

test("a base out of reach says what to do by hand", async () => {
  const error = await catchError(open("gemma-3-270m"));
  expect(error.code).toBe("source-unreachable");
  expect(error.hint).toContain(join(home, "files"));
});
