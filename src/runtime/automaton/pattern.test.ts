import fc from "fast-check";
import { expect, test } from "vitest";
import { SampanError } from "../../kernel/index.ts";
import { compilePattern } from "./pattern.ts";

function matches(source: string, text: string): boolean {
  const pattern = compilePattern(source, 64);
  let state = pattern.start;
  for (const character of text) {
    const next = pattern.step(state, character.codePointAt(0) ?? 0);
    if (next === undefined) return false;
    state = next;
  }
  return pattern.accepts(state);
}

const supported = [
  "^[A-Z]{2}\\d{3,5}$",
  "ab?c",
  "^(?:a|bc)*$",
  "^(a|b(c|d)+){1,2}$",
  "^[^\\s,]+$",
  "a$|^b",
  "^\\u4e2d.\\x41?$",
  "[\\w-]+@[a-z]+",
  "^.$",
  "^(\\d+|x{0,2})$",
  "",
  "^$",
  "\\S\\D\\W",
  "[\\]\\\\^-]",
  "^(?:^[a-c]+$|x)$",
];
const text = fc.array(fc.constantFrom(...Array.from("abcdxAZ19 ,@-中国\n]\\^")), { maxLength: 7 });

test("a pattern says what JavaScript says", () => {
  const property = fc.property(fc.constantFrom(...supported), text, (source, characters) => {
    const tried = characters.join("");
    expect(matches(source, tried)).toBe(new RegExp(source, "u").test(tried));
  });
  fc.assert(property, { numRuns: 2_000 });
});

test("reaching a match within some lengths is told exactly", () => {
  const pattern = compilePattern("^(abc)+$", 20);
  const lengths = Array.from({ length: 10 }, (_, n) => n);
  expect(lengths.filter((n) => pattern.reaches(pattern.start, n, n))).toEqual([3, 6, 9]);
  expect(pattern.reaches(pattern.start, 4, 5)).toBe(false);
  expect(pattern.canTake(pattern.start, 0x61, 0x7a, 3, 3)).toBe(true);
  expect(pattern.canTake(pattern.start, 0x62, 0x7a, 3, 3)).toBe(false);
});

test.each([
  ["(?=a)b", /look-around/],
  ["(a)\\1", /\\1 is not supported/],
  ["\\bword", /\\b is not supported/],
  ["\\p{L}+", /\\p is not supported/],
  ["a{3,1}", /counts down/],
  ["[z-a]", /out of order/],
  ["(a", /not closed/],
  ["a)", /not opened/],
  ["*a", /nothing precedes/],
  ["(?:a{1000}){1000}", /too far/],
])("%s is refused by name", (source, message) => {
  expect(() => compilePattern(source, 64)).toThrow(message);
  expect(() => compilePattern(source, 64)).toThrow(SampanError);
});
