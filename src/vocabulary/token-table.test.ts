import { expect, test } from "vitest";
import { openToyBase } from "../../test/toy-base.ts";
import { toyByteLevel, toySentencePiece } from "../../test/toy-tokens.ts";
import type { GgufValue } from "../formats/index.ts";
import { Encoder } from "./encoder.ts";
import { readTokenTable } from "./token-table.ts";

const text = (value: string): GgufValue => ({ kind: "text", value });

function byteLevelWith(key: string, value: GgufValue) {
  const toy = toyByteLevel(["the"]);
  toy.metadata.set(`tokenizer.ggml.${key}`, value);
  return () => readTokenTable(openToyBase(toy));
}

test("what is not understood is refused by its name", () => {
  expect(byteLevelWith("pre", text("jina-v2-zh"))).toThrow(/pre-tokenizer "jina-v2-zh"/);
  expect(byteLevelWith("model", text("t5"))).toThrow(/"t5"/);
  const charsmap: GgufValue = { kind: "array", element: "u8", value: [1, 2] };
  expect(byteLevelWith("precompiled_charsmap", charsmap)).toThrow(/"precompiled_charsmap"/);
  const squeeze: GgufValue = { kind: "bool", value: true };
  expect(byteLevelWith("remove_extra_whitespaces", squeeze)).toThrow(/remove_extra_whitespaces/);
});

test("tables that contradict themselves are refused", () => {
  const merges = (...value: string[]): GgufValue => ({ kind: "array", element: "text", value });
  expect(byteLevelWith("merges", merges("t h", "t h"))).toThrow(/"t h" is there twice/);
  expect(byteLevelWith("merges", merges("q z"))).toThrow(/"q z" makes no token/);
  expect(byteLevelWith("merges", merges("qz"))).toThrow(/has no two parts/);
});

test("a space before the first word, where the file wants one", () => {
  const toy = toySentencePiece(["\u2581the"]);
  toy.metadata.set("tokenizer.ggml.add_space_prefix", { kind: "bool", value: true });
  const encoder = new Encoder(readTokenTable(openToyBase(toy)));
  expect(encoder.decode(encoder.encode("the"))).toBe(" the");
  expect(encoder.encode("")).toEqual([]);
});

test("tokens found whole come first, the longest before the others", () => {
  const encoder = new Encoder(readTokenTable(openToyBase(toySentencePiece([]))));
  const { ids } = encoder.table;
  expect(encoder.encode("   \n")).toEqual([ids.get("  "), ids.get("\u2581"), ids.get("\n")]);
});

test("lone surrogates are written as the replacement character", () => {
  const encoder = new Encoder(readTokenTable(openToyBase(toyByteLevel(["the"]))));
  expect(encoder.decode(encoder.encode("a\ud800b"))).toBe("a\ufffdb");
});
