import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parsePrices } from "./parse-prices.ts";

const text = readFileSync(join(import.meta.dirname, "../../../catalogue/prices.json"), "utf8");

function without(change: (prices: Record<string, unknown>) => void): string {
  // The file is ours and has the shape that the first test checks.
  const file = JSON.parse(text) as { prices: Record<string, unknown> };
  change(file.prices);
  return JSON.stringify(file);
}

describe("prices", () => {
  test("the file parses, with sources in full", () => {
    const prices = parsePrices(text, "prices.json");
    expect(Object.keys(prices.electricity).length).toBeGreaterThanOrEqual(5);
    expect(prices.failures.mature.source).toContain("419 unexpected interruptions");
    // 419 / (54 days x 16.384 thousand accelerators)
    expect(prices.failures.mature.value).toBeCloseTo(419 / (54 * 16.384), 2);
    expect(prices.pue.average.value).toBe(1.56);
  });

  test("what is missing, unknown, unsourced or of another unit is named", () => {
    const broken = (change: (prices: Record<string, unknown>) => void) => () =>
      parsePrices(without(change), "prices.json");
    expect(broken((prices) => delete prices["pue"])).toThrow(/pue: /);
    expect(broken((prices) => (prices["extra"] = 1))).toThrow(/extra/);
    const quantity = { value: 5, unit: "years", source: "epoch", sureness: "press" };
    expect(broken((prices) => (prices["amortisation"] = quantity))).toThrow(/amortisation.*low/);
    const months = { ...quantity, unit: "months", low: 1, high: 9 };
    expect(broken((prices) => (prices["amortisation"] = months))).toThrow(/amortisation\.unit/);
    const unsourced = { ...quantity, source: "nobody", low: 1, high: 9 };
    expect(broken((prices) => (prices["amortisation"] = unsourced))).toThrow(/source "nobody"/);
    const negative = { ...quantity, value: -5, low: -9, high: 9 };
    expect(broken((prices) => (prices["amortisation"] = negative))).toThrow(/amortisation\.value/);
  });
});
