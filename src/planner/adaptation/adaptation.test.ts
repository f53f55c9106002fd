import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAccelerators, parseAdaptation } from "../catalogue/index.ts";
import { priorTable } from "../efficiency/coefficients.ts";
import { adaptationCost, moneyLost, type LaggingFleet } from "./adaptation-cost.ts";
import { adaptationTax } from "./adaptation-tax.ts";
import { gapAfter, meanGap } from "./learning-curve.ts";

const folder = join(import.meta.dirname, "../../../catalogue");
const text = readFileSync(join(folder, "adaptation.json"), "utf8");
const adaptation = parseAdaptation(text, "adaptation.json");
const shares = { products: 0.7, attention: 0.1, streaming: 0.1, collectives: 0.08, launch: 0.02 };
const table = priorTable();

function on(family: string) {
  return { chip: "a-chip", family, launched: 2024, year: 2026 };
}

const curves = fc.record({
  effortHalving: fc.double({ min: 1, max: 100, noNaN: true }),
  freeHalving: fc.double({ min: 0.5, max: 5, noNaN: true }),
  remainder: fc.double({ min: 0, max: 0.6, noNaN: true }),
});

describe("catalogue of platforms", () => {
  test("covers the family of every accelerator that is not a processor", () => {
    const known = new Set(adaptation.platforms.flatMap(({ families }) => families));
    const rows = readdirSync(join(folder, "accelerators")).flatMap((file) =>
      parseAccelerators(readFileSync(join(folder, "accelerators", file), "utf8"), file),
    );
    const lost = rows.filter(({ kind, family }) => kind !== "cpu" && !known.has(family));
    expect(lost.map(({ id }) => id)).toEqual([]);
    const families = adaptation.platforms.flatMap((platform) => platform.families);
    expect(new Set(families).size).toBe(families.length);
  });

  test("names what is wrong in it", () => {
    expect(() =>
      parseAdaptation(text.replace('"reference": "cuda"', '"reference": "x"'), "a"),
    ).toThrow(/reference is not among/);
  });
});

describe("tax", () => {
  test("is none on the reference, some elsewhere, with the mean inside its range", () => {
    expect(adaptationTax(shares, on("hopper"), adaptation, table).ratio).toBeCloseTo(1, 12);
    for (const family of ["davinci", "maca", "mlu", "cdna3", "apple-gpu"]) {
      const tax = adaptationTax(shares, on(family), adaptation, table);
      expect(tax.ratio, family).toBeLessThan(1);
      expect(tax.low).toBeLessThan(tax.ratio);
      expect(tax.high).toBeGreaterThan(tax.ratio);
    }
  });

  test("is the harmonic mean: half the time at half the speed is two thirds", () => {
    const half = { products: 0.5, attention: 0.5, streaming: 0, collectives: 0, launch: 0 };
    const platform = adaptation.platforms.find(({ id }) => id === "cann");
    const ratios = platform?.ratios;
    const expected =
      1 / (0.5 / (ratios?.products.value ?? 0) + 0.5 / (ratios?.attention.value ?? 0));
    expect(adaptationTax(half, on("davinci"), adaptation, table).ratio).toBeCloseTo(expected, 12);
  });

  test("a fit on measurements replaces the catalogue, and an unknown family says so", () => {
    const fitted = { ...table, "product@family:davinci": 0.8 };
    const tax = adaptationTax(shares, on("davinci"), adaptation, fitted);
    expect(tax.classes[0]).toMatchObject({ from: "fitted" });
    expect(tax.classes[0]?.ratio).toBeCloseTo(0.8, 12);
    expect(tax.classes[1]).toMatchObject({ from: "catalogue" });
    const unknown = adaptationTax(shares, on("abacus"), adaptation, table);
    expect(unknown.platform).toMatch(/abacus/);
    expect(unknown.classes.every(({ from }) => from === "unknown")).toBe(true);
  });
});

describe("learning curve", () => {
  test("halves what can be closed per halving effort and time", () => {
    const curve = { effortHalving: 24, freeHalving: 2, remainder: 0.2 };
    expect(gapAfter(0.5, 0, 0, curve)).toBeCloseTo(0.5, 12);
    expect(gapAfter(0.5, 24, 0, curve)).toBeCloseTo(0.5 * (0.2 + 0.4), 12);
    expect(gapAfter(0.5, 24, 2, curve)).toBeCloseTo(0.5 * (0.2 + 0.2), 12);
    expect(gapAfter(0.5, 1e6, 0, curve)).toBeCloseTo(0.1, 12);
  });

  test("its mean is the integral", () => {
    fc.assert(
      fc.property(
        curves,
        fc.double({ min: 0, max: 60, noNaN: true }),
        fc.double({ min: 0.1, max: 8, noNaN: true }),
        (curve, effort, years) => {
          const steps = 2_000;
          let sum = 0;
          for (let step = 0; step < steps; step++) {
            sum += gapAfter(0.4, effort, ((step + 0.5) / steps) * years, curve);
          }
          expect(meanGap(0.4, effort, years, curve)).toBeCloseTo(sum / steps, 5);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("money", () => {
  test("no other effort is cheaper", () => {
    fc.assert(
      fc.property(
        curves,
        fc.double({ min: 0.01, max: 0.9, noNaN: true }),
        fc.double({ min: 1e4, max: 1e9, noNaN: true }),
        (curve, gap, money) => {
          const fleet: LaggingFleet = { gap, money, years: 4, month: 12_000, curve };
          const best = adaptationCost(fleet);
          for (const effort of [0, 1, 3, 10, 30, 100, 300, best.effort * 0.9, best.effort * 1.1]) {
            const other = effort * fleet.month + moneyLost(fleet, effort);
            expect(best.total).toBeLessThanOrEqual(other * (1 + 1e-9));
          }
          expect(best.total).toBeLessThanOrEqual(best.waiting * (1 + 1e-9));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("a platform that is ahead costs nothing", () => {
    const curve = { effortHalving: 24, freeHalving: 2, remainder: 0.2 };
    const ahead = adaptationCost({ gap: -0.1, money: 1e6, years: 4, month: 12_000, curve });
    expect(ahead).toMatchObject({ waiting: 0, effort: 0, total: 0 });
  });
});
