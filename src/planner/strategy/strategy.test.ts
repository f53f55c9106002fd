import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quantile, Random } from "../../kernel/index.ts";
import type { AssumptionName } from "../../schema/index.ts";
import { leverCost, levers, leverWorths } from "./levers.ts";
import { parseAssumptions } from "./parse-assumptions.ts";
import { crossoverOf, runScenario } from "./run-scenario.ts";
import { costOver, qualityOf, strategies, strategyCost, usdPerFlop } from "./strategy-cost.ts";
import { tornado } from "./tornado.ts";
import { assumptionsOf, at, drawWorld, middleWorld, worldWith } from "./world.ts";

const text = readFileSync(join(import.meta.dirname, "../../../catalogue/assumptions.json"), "utf8");
const forecast = parseAssumptions(text, "assumptions.json");
const [expected] = forecast.scenarios;
if (expected === undefined) throw new Error("no scenario");
const assumptions = assumptionsOf(forecast, expected);
const world = middleWorld(assumptions);
const settings = { years: 10, draws: 150, seed: 1 };

function scenario(id: string) {
  const found = forecast.scenarios.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

describe("assumptions", () => {
  test("a file that is changed wrongly says where", () => {
    const broken = (from: string, to: string) => () =>
      parseAssumptions(text.replace(from, to), "mine.json");
    expect(broken('"person":', '"persom":')).toThrow(
      /mine\.json: forecast assumptions.*(person|persom)/,
    );
    expect(broken('"value": 0.5', '"value": 50')).toThrow(/mine\.json.*out of order/);
    expect(broken('"source": "wages"', '"source": "nobody"')).toThrow(/source "nobody"/);
    expect(() => parseAssumptions("{", "mine.json")).toThrow(/is not JSON/);
  });

  test("low and high are the 10th and 90th percentile of the draws", () => {
    const random = new Random(3);
    const worlds = Array.from({ length: 2_000 }, () => drawWorld(assumptions, random));
    for (const name of ["person", "gap", "powerGrowth", "lowError"] as const) {
      const { low, high, value } = assumptions[name];
      const drawn = worlds.map((one) => one[name]);
      const width = high - low;
      expect(Math.abs(quantile(drawn, 0.1) - low)).toBeLessThan(0.08 * width);
      expect(Math.abs(quantile(drawn, 0.5) - value)).toBeLessThan(0.08 * width);
      expect(Math.abs(quantile(drawn, 0.9) - high)).toBeLessThan(0.08 * width);
    }
    expect(at(assumptions.lowThrough, 9)).toBeLessThanOrEqual(0.98);
  });
});

describe("strategies", () => {
  test("a frontier transaction by hand", () => {
    // 2 x 1e11 x (150 + 1,200 + 30 x 4) operations at 2.5 / 3,600 / (989e12 x 0.12) USD, / 0.9, x 2.5
    const usd = 2.5 / 3_600 / (989e12 * 0.12);
    const machine = ((2e11 * 1_470 * usd) / 0.9) * 2.5;
    const correct = 1 - 0.8 * 0.06;
    const cost = strategyCost(world, "frontier", 0);
    const [effort, escalation] = [12_000 / 1e7, 0.2 * 0.5];
    expect(cost.machine).toBeCloseTo((1_000 * (machine + effort)) / correct, 9);
    expect(cost.escalation).toBeCloseTo((1_000 * escalation) / correct, 9);
    expect(cost.error).toBeCloseTo((1_000 * 0.8 * 0.06 * 2) / correct, 9);
    expect(cost.effort).toBeCloseTo((1_000 * effort) / correct, 9);
  });

  test("an operation costs half after its halving time, but for power", () => {
    const still = worldWith(world, "powerGrowth", 0);
    expect(usdPerFlop(still, world.cheaper)).toBeCloseTo(usdPerFlop(still, 0) / 2, 30);
  });

  test("a base that is no longer renewed gets worse with each year", () => {
    const stopped = worldWith(world, "openStops", 2);
    const wrong = [2, 3, 6].map((year) => qualityOf(stopped, "low-cost", year).wrong);
    expect(wrong[1]).toBeCloseTo((wrong[0] ?? 0) * (1 + world.ageing), 12);
    expect(wrong[2]).toBeGreaterThan(wrong[1] ?? 1);
    expect(qualityOf(stopped, "frontier", 6)).toEqual(qualityOf(world, "frontier", 6));
  });

  test("what is bad for a strategy never makes it cheaper", () => {
    const worse: readonly AssumptionName[] = [
      "person",
      "hour",
      "month",
      "gap",
      "lowGuard",
      "frontierGuard",
      "frontierMargin",
      "ageing",
      "migration",
    ];
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(...worse),
        fc.double({ min: 1, max: 3, noNaN: true }),
        fc.constantFrom(...strategies),
        (seed, name, factor, strategy) => {
          const drawn = drawWorld(assumptions, new Random(seed));
          const raised = Math.min(
            name.endsWith("Guard") ? 0.9 : Number.POSITIVE_INFINITY,
            drawn[name] * factor,
          );
          const before = costOver(drawn, strategy, 8);
          expect(costOver(worldWith(drawn, name, raised), strategy, 8)).toBeGreaterThanOrEqual(
            before * (1 - 1e-12),
          );
        },
      ),
    );
  });
});

describe("scenarios", () => {
  test("the same seed gives the same figures, another does not", () => {
    const once = runScenario(forecast, expected, settings);
    expect(runScenario(forecast, expected, settings)).toEqual(once);
    expect(runScenario(forecast, expected, { ...settings, seed: 2 })).not.toEqual(once);
  });

  test("what happens to the low-cost strategy makes it win less often", () => {
    const share = (id: string) => runScenario(forecast, scenario(id), settings).lowCostWins;
    const base = share("expected");
    for (const id of ["open-stops", "cut-off", "hardware-gap"])
      expect(share(id)).toBeLessThanOrEqual(base);
    expect(share("alignment")).toBeGreaterThanOrEqual(base);
  });

  test("crossovers by hand", () => {
    const life = (...ratios: number[]) => ratios.map((lowCost) => ({ frontier: 1, lowCost }));
    const found = crossoverOf([
      life(2, 2, 0.5),
      life(0.5, 2, 2),
      life(2, 2, 2),
      life(0.5, 0.5, 0.5),
    ]);
    expect(found).toMatchObject({ always: 0.25, never: 0.25, changes: 0.5, endsLowCost: 0.5 });
    expect(found.year?.median).toBe(1.5);
    expect(crossoverOf([life(2, 2)]).year).toBeUndefined();
  });

  test("the tornado is in order, and an assumption that only one strategy has moves the ratio its way", () => {
    const found = tornado(forecast, expected, 10);
    const swings = found.map(({ ratioAtLow, ratioAtHigh }) =>
      Math.abs(Math.log(ratioAtHigh / ratioAtLow)),
    );
    expect(swings).toEqual([...swings].sort((a, b) => b - a));
    const one = (name: AssumptionName) => found.find((sensitivity) => sensitivity.name === name);
    expect(one("lowError")?.ratioAtHigh).toBeGreaterThan(one("lowError")?.ratioAtLow ?? Infinity);
    expect(one("frontierError")?.ratioAtHigh).toBeLessThan(one("frontierError")?.ratioAtLow ?? 0);
    expect(found.some(({ name }) => name.startsWith("lever"))).toBe(false);
  });
});

describe("levers", () => {
  test("fair shares multiply to the whole", () => {
    const worths = leverWorths(world);
    const product = worths.reduce((total, { factor }) => total * factor, 1);
    const whole = leverCost(world, new Set(levers)) / leverCost(world, new Set());
    expect(product).toBeCloseTo(whole, 12);
    expect(worths.reduce((total, { share }) => total + share, 0)).toBeCloseTo(1, 12);
  });

  test("a lever that does nothing is worth nothing", () => {
    const idle = { ...world, leverTokens: 1, leverHead: 0 };
    const vocabulary = leverWorths(idle).find(({ lever }) => lever === "vocabulary");
    expect(vocabulary).toMatchObject({ alone: 1, last: 1 });
    expect(vocabulary?.share).toBeCloseTo(0, 12);
  });
});
