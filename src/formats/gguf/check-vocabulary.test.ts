import { expect, test } from "vitest";
import { memorySource } from "../memory-source.ts";
import { checkVocabulary } from "./check-vocabulary.ts";
import { openGguf } from "./open.ts";
import type { GgufValue } from "./value.ts";
import { ggufChunks } from "./write.ts";

const bytes = Array.from(
  { length: 256 },
  (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
);
const texts = (value: readonly string[]): GgufValue => ({ kind: "array", element: "text", value });
const numbers = (length: number): GgufValue => ({
  kind: "array",
  element: "i32",
  value: Array.from({ length }, () => 1),
});

const pieces: Readonly<Record<string, GgufValue>> = {
  "tokenizer.ggml.model": { kind: "text", value: "llama" },
  "tokenizer.ggml.tokens": texts([...bytes, "a"]),
  "tokenizer.ggml.token_type": numbers(257),
};
const byteLevel: Readonly<Record<string, GgufValue>> = {
  "tokenizer.ggml.model": { kind: "text", value: "gpt2" },
  "tokenizer.ggml.tokens": texts(["a", "b", "ab", " "]),
  "tokenizer.ggml.merges": texts(["a b"]),
};

function check(values: Readonly<Record<string, GgufValue>>, rows: number): void {
  const chunks = ggufChunks(new Map(Object.entries(values)), []);
  checkVocabulary(openGguf(memorySource("v.gguf", Buffer.concat([...chunks]))), rows);
}

test("whole vocabularies pass", () => {
  check(pieces, 257);
  check(byteLevel, 4);
});

test.each([
  ["no tokens", {}, 3, /tokens is missing/],
  ["another number of rows", pieces, 256, /257 tokens, but 256 rows/],
  ["a text twice", { ...byteLevel, "tokenizer.ggml.tokens": texts(["a", "a"]) }, 2, /same text/],
  [
    "a text twice up to its zero",
    { ...byteLevel, "tokenizer.ggml.tokens": texts(["a", "a\0b"]) },
    2,
    /same text/,
  ],
  ["types cut short", { ...pieces, "tokenizer.ggml.token_type": numbers(3) }, 257, /3 numbers/],
  ["scores of texts", { ...pieces, "tokenizer.ggml.scores": texts(bytes) }, 257, /no numbers/],
  [
    "an id out of range",
    { ...pieces, "tokenizer.ggml.eos_token_id": { kind: "u32", value: 257 } as const },
    257,
    /eos_token_id is 257/,
  ],
  [
    "a merge of one part",
    { ...byteLevel, "tokenizer.ggml.merges": texts([" ab"]) },
    4,
    /two parts/,
  ],
  ["no merges", { ...byteLevel, "tokenizer.ggml.merges": numbers(2) }, 4, /merges is missing/],
  [
    "a byte too few",
    { ...pieces, "tokenizer.ggml.tokens": texts(["a"]), "tokenizer.ggml.token_type": numbers(1) },
    1,
    /<0x00> is missing/,
  ],
  [
    "another kind",
    { ...pieces, "tokenizer.ggml.model": { kind: "text", value: "t5" } as const },
    257,
    /kind "t5"/,
  ],
])("%s is refused", (_, values, rows, message) => {
  expect(() => check(values, rows)).toThrow(message);
});
