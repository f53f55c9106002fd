import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ggufChunks } from "../formats/index.ts";
import { openModel } from "./model.ts";
import { openTokenizer } from "./tokenizer.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sampan-runtime-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
const open = (path: string) => openModel(path, { threads: 1, clock: () => 0 });

test("a missing file and a folder are named", async () => {
  await expect(open(join(folder, "none.gguf"))).rejects.toMatchObject({ code: "not-found" });
  await expect(openTokenizer(folder)).rejects.toMatchObject({ code: "not-found" });
});

test("what is no model is refused, and the process lives on", async () => {
  const whole = Buffer.concat([
    ...ggufChunks(new Map([["general.architecture", { kind: "text", value: "llama" }]]), []),
  ]);
  const broken = {
    "empty.gguf": new Uint8Array(),
    "text.gguf": Buffer.from("this is not a model"),
    "header.gguf": whole.subarray(0, 20),
    "bare.gguf": whole,
    "other.gguf": Buffer.from(whole).fill(0xff, 8, 24),
  };
  for (const [name, bytes] of Object.entries(broken)) {
    const path = fileOf(name, bytes);
    await expect(open(path)).rejects.toMatchObject({ code: "format-corrupt" });
    await expect(openTokenizer(path)).rejects.toMatchObject({ code: "format-corrupt" });
  }
});
