import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toyBase } from "../../../test/toy-base.ts";
import { toyByteLevel, toySentencePiece, type ToyTokens } from "../../../test/toy-tokens.ts";
import { checkVocabulary, ggufWeights, memorySource, openGguf } from "../../formats/index.ts";
import { Encoder } from "../encoder.ts";
import { readTokenTable } from "../token-table.ts";
import { extendVocabulary } from "./extend-vocabulary.ts";

const kinds: readonly [string, ToyTokens][] = [
  ["SentencePiece-style", toySentencePiece(["the", "\u2581the", "中国"])],
  ["byte-level", toyByteLevel(["the", "Ġthe"])],
];
const corpus = ["中国人 the bench", "a bench, a bench", "那个中国人", "中国人中国人", "the bench"];
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sampan-extend-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function openFile(path: string) {
  return openGguf(memorySource(path, readFileSync(path)));
}

describe.each(kinds)("%s", (_, tokens) => {
  function extended(texts: readonly string[] = corpus, change = {}) {
    const path = join(folder, "base.gguf");
    writeFileSync(path, toyBase(tokens, change));
    const out = join(folder, "wider.gguf");
    const result = extendVocabulary({ path, texts: () => texts, add: 12, out });
    return { result, before: openFile(path), after: openFile(out), bytes: readFileSync(out) };
  }

  test("the corpus takes fewer tokens, in any order of it the same", () => {
    const { result, after, bytes } = extended();
    expect(result.tokensAfter).toBeLessThan(result.tokensBefore);
    checkVocabulary(after, tokens.tokens.length + result.additions.length);
    expect(extended(corpus.toReversed()).bytes.equals(bytes)).toBe(true);
  });

  test("text without a new token is cut as before", () => {
    const { before, after } = extended();
    const [old, now] = [new Encoder(readTokenTable(before)), new Encoder(readTokenTable(after))];
    const text = fc.string({
      unit: fc.constantFrom(...Array.from("abcehnt 中国人那é,")),
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, (sample) => {
        const ids = now.encode(sample);
        expect(now.decode(ids)).toBe(sample);
        const isOld = ids.every((id) => id < tokens.tokens.length);
        if (isOld) expect(ids).toEqual(old.encode(sample));
        else expect(ids.length).toBeLessThanOrEqual(old.encode(sample).length);
      }),
    );
  });

  test("a new row is the mean of the rows it stands for; old rows are left alone", () => {
    const { result, before, after } = extended(corpus, { tiedHead: false });
    const [old, now] = [ggufWeights(before), ggufWeights(after)];
    for (const name of ["token_embd.weight", "output.weight"]) {
      const rows = { first: 0, count: tokens.tokens.length };
      expect(after.readRaw(name, rows)).toEqual(before.readRaw(name));
      for (const [index, { pieces }] of result.additions.entries()) {
        const row = now.readRows(name, [tokens.tokens.length + index]);
        const parts = pieces.map((piece) => old.readRows(name, [piece]));
        for (const [column, value] of row.entries()) {
          const sum = parts.reduce((total, part) => total + (part[column] ?? 0), 0);
          expect(value).toBe(Math.fround(sum / pieces.length));
        }
      }
    }
  });

  test("where nothing pays, that is said and nothing is written", () => {
    const path = join(folder, "plain.gguf");
    writeFileSync(path, toyBase(tokens));
    const out = join(folder, "never.gguf");
    const request = { path, texts: () => ["a"], add: "auto" as const, out };
    expect(() => extendVocabulary(request)).toThrow(/no token would pay/);
    expect(existsSync(out)).toBe(false);
  });
});
