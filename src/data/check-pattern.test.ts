import { expect, test } from "vitest";
import { patternProblem } from "./check-pattern.ts";

test.each([
  "[0-9]{4}-[0-9]{2}",
  "(?:a|b)+c",
  "[(]+\\(+x*",
  "a{2,5}",
  "(?:a+){0,3}",
  "\\p{L}+",
  "[a-z+*]+",
])("%s can be used", (pattern) => expect(patternProblem(pattern)).toBeUndefined());

test.each([
  ["(", /compile/],
  ["a{5", /compile/],
  ["(?=a)b", /look-around/],
  ["(?<name>a)", /named/],
  ["(a)\\1", /back-reference/],
  ["\\bword", /boundary/],
  ["a{2000}", /repeats/],
  ["a{1,5000}", /repeats/],
  ["(?:a*)*", /without bound/],
  ["(?:x(?:[a-z]+,)+)*", /without bound/],
  ["(?:a+b){2,}", /without bound/],
])("%s cannot", (pattern, wanted) => expect(patternProblem(pattern)?.problem).toMatch(wanted));
