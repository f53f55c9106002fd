import fc from "fast-check";
import { expect, test } from "vitest";
import { alignSpans } from "./align-spans.ts";
import { tokenize } from "./tokens.ts";

const names = ["number", "street", "city"];

function aligned(text: string, output: Record<string, string>) {
  const tokens = tokenize({ text }, "words");
  return alignSpans(tokens, output, names)?.map(({ property, first, last }) => [
    property,
    first,
    last,
  ]);
}

test("values are put where they stand, in order of the text", () => {
  expect(
    aligned("12 Main St, Springfield", { city: "Springfield", number: "12", street: "Main St" }),
  ).toEqual([
    ["number", 0, 1],
    ["street", 1, 3],
    ["city", 4, 5],
  ]);
});

test("a value with one place goes before one with two, so that none overlap", () => {
  // "5" stands in the street too; "5 Av" has only one place.
  expect(aligned("5 Av 5", { number: "5", street: "5 Av" })).toEqual([
    ["street", 0, 2],
    ["number", 2, 3],
  ]);
});

test("a value inside a token or not there at all cannot be aligned", () => {
  expect(aligned("12a Main", { number: "12" })).toBeUndefined();
  expect(aligned("Main", { city: "Rome" })).toBeUndefined();
  expect(aligned("5", { number: "5", street: "5" })).toBeUndefined();
});

test("aligned spans never overlap and spell their values", () => {
  const words = fc.array(fc.constantFrom("a", "b", "12", "c,", "\u6c34"), {
    minLength: 3,
    maxLength: 8,
  });
  fc.assert(
    fc.property(words, fc.nat(), fc.nat(), (parts, a, b) => {
      const text = parts.join(" ");
      const value = (k: number) => parts.slice(k % parts.length, (k % parts.length) + 2).join(" ");
      const output = { number: value(a), street: value(b) };
      const tokens = tokenize({ text }, "words");
      const spans = alignSpans(tokens, output, names) ?? [];
      for (const [i, { property, first, last }] of spans.entries()) {
        const spelled = tokens.text.slice(
          tokens.tokens[first]?.start,
          tokens.tokens[last - 1]?.end,
        );
        expect(spelled).toBe(property === "number" ? output.number : output.street);
        expect(first).toBeGreaterThanOrEqual(spans[i - 1]?.last ?? 0);
      }
    }),
  );
});
