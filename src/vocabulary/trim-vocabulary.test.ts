import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openToyBase, toyBase } from "../../test/toy-base.ts";
import { toyByteLevel, toySentencePiece, type ToyTokens } from "../../test/toy-tokens.ts";
import { memorySource, openGguf, tokenType } from "../formats/index.ts";
import { sha256 } from "../kernel/index.ts";
import { Encoder } from "./encoder.ts";
import { wayTo } from "./token-closure.ts";
import { readTokenTable } from "./token-table.ts";
import { keptKey, trimFile } from "./trim-file.ts";
import { trimVocabulary } from "./trim-vocabulary.ts";

const words = ["the", "then", "teach", "\u2581the", "\u2581then", "ed", "中国", "中国人"];
const kinds: readonly [string, (seed: number) => ToyTokens][] = [
  ["SentencePiece-style", (seed) => toySentencePiece(words, seed)],
  ["byte-level", (seed) => toyByteLevel(["the", "Ġthe", "ned", "ä¸Ń"], seed)],
];
const anyText = fc.string({
  unit: fc.constantFrom(...Array.from("abcdehnt ., \n中国人é😀\u0000")),
  maxLength: 40,
});
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sampan-trim-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

// Files are made durable one by one, which a busy disk takes its time for.
describe.each(kinds)("%s", { timeout: 120_000 }, (_, makeTokens) => {
  test("a text is cut as before exactly if all its tokens are kept", () => {
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.array(fc.nat(2000), { maxLength: 60 }),
        anyText,
        (seed, picks, text) => {
          const file = openToyBase(makeTokens(seed));
          const before = new Encoder(readTokenTable(file));
          const { tokens, types } = before.table;
          const kept = new Set<number>();
          for (const [id, token] of tokens.entries()) {
            const isNeeded = types[id] !== tokenType.normal || token.length === 1;
            if (isNeeded) kept.add(id);
          }
          for (const pick of picks)
            for (const id of wayTo(before, pick % tokens.length)) kept.add(id);
          const ids = Int32Array.from(kept).sort();
          const out = join(folder, "law.gguf");
          trimFile({ file, digest: "0".repeat(64), kept: ids, out });
          const after = new Encoder(readTokenTable(openGguf(memorySource(out, readFileSync(out)))));
          const [old, now] = [before.encode(text), after.encode(text).map((id) => ids[id])];
          const allKept = old.every((id) => kept.has(id));
          expect(old.join() === now.join()).toBe(allKept);
          expect(after.decode(after.encode(text))).toBe(text);
        },
      ),
      { numRuns: 15 },
    );
  });

  test("rows are copied byte for byte, in any order of the corpus", () => {
    const bytes = toyBase(makeTokens(3));
    const path = join(folder, "base.gguf");
    writeFileSync(path, bytes);
    const texts = ["the then teach", "a bed, a hen", "中国 ate", "\tnew\n"];
    const request = { path, digest: sha256(bytes), reserve: 0 };
    const first = join(folder, "first.gguf");
    const { choice, before } = trimVocabulary({ ...request, texts: () => texts, out: first });
    const second = join(folder, "second.gguf");
    trimVocabulary({ ...request, texts: () => texts.toReversed(), out: second });
    expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
    const [old, now] = [
      openGguf(memorySource(path, bytes)),
      openGguf(memorySource(first, readFileSync(first))),
    ];
    expect(choice.kept.length).toBeLessThan(before);
    for (const [id, origin] of choice.kept.entries()) {
      const rows = { first: id, count: 1 };
      expect(now.readRaw("token_embd.weight", rows)).toEqual(
        old.readRaw("token_embd.weight", { first: origin, count: 1 }),
      );
    }
    for (const name of old.tensors.keys()) {
      if (name !== "token_embd.weight") expect(now.readRaw(name)).toEqual(old.readRaw(name));
    }
    expect(now.metadata.get(keptKey)?.value).toEqual(Uint32Array.from(choice.kept));
  });

  test("every character stays writable", () => {
    const bytes = toyBase(makeTokens(5));
    const path = join(folder, "all.gguf");
    writeFileSync(path, bytes);
    const out = join(folder, "few.gguf");
    trimVocabulary({ path, digest: sha256(bytes), texts: () => ["a"], reserve: 0, out });
    const encoder = new Encoder(readTokenTable(openGguf(memorySource(out, readFileSync(out)))));
    const signs = ["\u2581"];
    for (let code = 0; code < 0x110000; code += code < 0x500 ? 1 : 89) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const text = String.fromCodePoint(code);
      // SentencePiece's own sign for a space reads as a space, in every such vocabulary.
      if (!signs.includes(text)) expect(encoder.decode(encoder.encode(text))).toBe(text);
    }
  });
});

test("an empty corpus is refused and leaves nothing", () => {
  const bytes = toyBase(toySentencePiece(words));
  const path = join(folder, "empty.gguf");
  writeFileSync(path, bytes);
  const out = join(folder, "none.gguf");
  const request = { path, digest: sha256(bytes), texts: () => [""], out };
  expect(() => trimVocabulary(request)).toThrow(/the corpus holds no text/);
  expect(existsSync(out)).toBe(false);
});

test("unused rows go, what the metadata names stays", () => {
  const file = openToyBase(toySentencePiece(words));
  const bytes = toyBase(toySentencePiece(words));
  const path = join(folder, "unused.gguf");
  writeFileSync(path, bytes);
  const out = join(folder, "used.gguf");
  trimVocabulary({ path, digest: sha256(bytes), texts: () => ["the"], reserve: 0, out });
  const { tokens } = readTokenTable(openGguf(memorySource(out, readFileSync(out))));
  expect(tokens).not.toContain("<unused0>");
  expect(tokens.slice(0, 3)).toEqual(["<pad>", "<eos>", "<bos>"]);
  expect(file.tensors.get("token_embd.weight")?.shape[0]).toBeGreaterThan(tokens.length);
});
