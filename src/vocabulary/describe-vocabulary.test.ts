import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toyBase } from "../../test/toy-base.ts";
import { toyByteLevel, toySentencePiece } from "../../test/toy-tokens.ts";
import { describeVocabulary } from "./describe-vocabulary.ts";

const texts = ["the bench", "a bed, the end", "中国人 teach", "hat", "then the hen", "é"];

test.each([
  ["SentencePiece-style", toySentencePiece(["the", "\u2581the"])],
  ["byte-level", toyByteLevel(["the", "Ġthe"])],
])("%s: what a corpus costs, in any order of it", (_, tokens) => {
  const folder = mkdtempSync(join(tmpdir(), "sampan-describe-"));
  const path = join(folder, "base.gguf");
  writeFileSync(path, toyBase(tokens));
  const found = describeVocabulary(path, () => texts);
  expect(describeVocabulary(path, () => texts.toReversed())).toEqual(found);
  rmSync(folder, { recursive: true });
  expect(found).toMatchObject({ texts: 6, characters: texts.join("").length, unwritable: [] });
  expect(found.byteFallback).toBeGreaterThan(0);
  expect(found.headShare).toBeLessThan(1);
  expect(found.trimmed.readShare).toBeLessThanOrEqual(1);
  expect(found.trimmed.heldOutSame).toBeLessThanOrEqual(1);
});
