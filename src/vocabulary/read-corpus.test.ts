import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCorpus } from "./read-corpus.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sampan-corpus-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(name: string, content: string | Uint8Array): string[] {
  const path = join(folder, name);
  writeFileSync(path, content);
  return [...readCorpus(path)];
}

test("lines of text, and the strings of JSON Lines", () => {
  expect(read("a.txt", "one\r\n\n二\nlast")).toEqual(["one", "二", "last"]);
  const records = '{"text":"甲","parts":["b",{"c":3}],"none":null}\n\n"plain"\n';
  expect(read("a.jsonl", records)).toEqual(["甲", "b", "3", "plain"]);
});

test("lines longer than a window, cut between characters where they would fill the memory", () => {
  const long = "长".repeat(6_000_000);
  const texts = read("long.txt", `x\n${long}\ny`);
  expect(texts[0]).toBe("x");
  expect(texts.at(-1)).toBe("y");
  expect(texts.length).toBeGreaterThan(3);
  expect(texts.slice(1, -1).join("") === long).toBe(true);
});

test("what is no corpus is refused by line", () => {
  expect(() => read("bad.jsonl", '{"a":1}\n{bad\n')).toThrow(/bad.jsonl, line 2 is no JSON/);
  expect(() => read("latin.txt", Uint8Array.of(0x63, 0xe9, 0x0a))).toThrow(/line 1 is not UTF-8/);
  expect(() => read("deep.jsonl", `${"[".repeat(99)}"a"${"]".repeat(99)}`)).toThrow(/nested/);
  expect(() => [...readCorpus(folder)]).toThrow(/is a folder/);
});
