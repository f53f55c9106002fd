import { expect, test } from "vitest";
import { SampanError } from "../../kernel/index.ts";
import { parseConstraints } from "./parse-constraints.ts";

test("bounds with their units; the tighter of two counts", () => {
  expect(parseConstraints("usd<2e6, days<=30,hours<48, kw<400")).toEqual({
    usd: 2e6,
    seconds: 172_800,
    watts: 400_000,
  });
  expect(parseConstraints("ttft<1,tpot<0.05")).toEqual({ timeToFirst: 1, timePerToken: 0.05 });
  expect(parseConstraints("")).toEqual({});
});

test.each([
  "usd",
  "usd>5",
  "usd<-1",
  "usd<0",
  "dyas<3",
  "usd<1e999",
  "__proto__<1",
  "days<30 kw<4",
])("%s is refused", (text) => {
  let refused: unknown;
  try {
    parseConstraints(text);
  } catch (error) {
    refused = error;
  }
  expect(SampanError.isInstance(refused) && refused.code).toBe("usage-invalid");
});

test("a slip is told the nearest name", () => {
  let hint = "";
  try {
    parseConstraints("dyas<3");
  } catch (error) {
    hint = SampanError.isInstance(error) ? (error.hint ?? "") : "";
  }
  expect(hint).toContain("Did you mean days?");
});
