import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatBytes,
  formatFigure,
  formatLevel,
  formatMoney,
  formatNumber,
  formatPoints,
  formatRange,
  formatSeconds,
  formatSignificant,
} from "./format.ts";

describe("numbers", () => {
  test.each([
    [0, 0, "0"],
    [1234567.891, 2, "1,234,567.89"],
    [-1234.5, 1, "\u22121,234.5"],
    [-0.001, 2, "0.00"],
    [999.995, 2, "1,000.00"],
  ])("%d with %d digits is %s", (value, digits, text) => {
    expect(formatNumber(value, digits)).toBe(text);
  });

  test("commas and digits say the same number", () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), (value) => {
        const text = formatNumber(value, 0).replaceAll(",", "").replace("\u2212", "-");
        expect(Number(text)).toBe(value);
      }),
    );
  });

  test("significant digits are within half a unit of the last", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-8, max: 1e8, noNaN: true }), (value) => {
        const read = Number(formatSignificant(value, 3).replaceAll(",", ""));
        expect(Math.abs(read - value)).toBeLessThanOrEqual(value * 0.0051);
      }),
    );
  });
});

describe("units", () => {
  test.each([
    [61.4, "USD", "$61.40"],
    [0.5, "EUR", "€0.50"],
    [0.0031, "USD", "$0.0031"],
    [0.00001, "USD", "<$0.0001"],
    [-280.27, "CNY", "\u2212¥280.27"],
    [12, "CHF", "CHF 12.00"],
    [0, "USD", "$0.00"],
  ])("%d %s is %s", (value, currency, text) => {
    expect(formatMoney(value, currency)).toBe(text);
  });

  test("bytes, times and shares", () => {
    expect(formatBytes(253_113_024)).toBe("253 MB");
    expect(formatBytes(999_999)).toBe("1.00 MB");
    expect(formatBytes(12)).toBe("12 bytes");
    expect(formatSeconds(0.0188)).toBe("18.8 ms");
    expect(formatSeconds(2.6)).toBe("2.60 s");
    expect(formatSeconds(451.6)).toBe("7 min 32 s");
    expect(formatSeconds(7300)).toBe("2 h 1 min");
    expect(formatLevel(0.94)).toBe("94%");
    expect(formatLevel(0.995)).toBe("99.5%");
    expect(formatPoints(0.01)).toBe("1.0 point");
    expect(formatRange(0.916, 0.961, "share", "USD")).toBe("91.6–96.1%");
  });

  test("what has no number is never a number", () => {
    expect(formatFigure(undefined, "joules", "USD")).toBe("not measured");
    expect(formatFigure(null, "money", "USD")).toBe("not measured");
    expect(formatFigure(Number.NaN, "share", "USD")).toBe("not measured");
    expect(formatFigure(Infinity, "money", "USD")).toBe("no finite value");
  });
});
