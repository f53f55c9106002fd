import { expect, test } from "vitest";
import { extractTerms } from "./text-terms.ts";

test("words of two letters or more and their pairs, in lower case", () => {
  const { words } = extractTerms({ text: "Retail, of A-1 Steel_pipe CAF\u00c9" });
  expect(words).toEqual([
    "retail",
    "of",
    "steel_pipe",
    "caf\u00e9",
    "retail of",
    "of steel_pipe",
    "steel_pipe caf\u00e9",
  ]);
});

test("character n-grams stay inside padded words, and short words count once", () => {
  // As scikit-learn's TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5)) gives them.
  expect(extractTerms({ text: "a \n bcd" }).characters).toEqual([
    " a",
    "a ",
    " a ",
    " b",
    "bc",
    "cd",
    "d ",
    " bc",
    "bcd",
    "cd ",
    " bcd",
    "bcd ",
    " bcd ",
  ]);
});

test("a Chinese character is a word of its own, and n-grams cross them", () => {
  const { words, characters } = extractTerms({ text: "\u6c34\u6cf5\u6f0f\u6cb9 A3" });
  expect(words.slice(0, 5)).toEqual(["\u6c34", "\u6cf5", "\u6f0f", "\u6cb9", "a3"]);
  expect(words).toContain("\u6c34 \u6cf5");
  expect(characters).toContain("\u6c34\u6cf5\u6f0f\u6cb9");
  expect(extractTerms({ text: "\u{20000}\u6c34" }).characters).toContain("\u{20000}\u6c34");
});

test("several texts are joined, other values become words", () => {
  const { words } = extractTerms({ title: "Pump", count: 40, urgent: true, note: "leaks" });
  expect(words).toEqual(
    expect.arrayContaining(["pump", "leaks", "count=40", "count~5", "urgent=true"]),
  );
  expect(extractTerms({ size: -3 }).words).toContain("size~-2");
  expect(extractTerms({}).words).toEqual([]);
});
