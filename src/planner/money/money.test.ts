import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../kernel/index.ts";
import { parsePrices } from "../catalogue/parse-prices.ts";
import { yearlyCapital } from "./annuity.ts";
import { breakEven } from "./break-even.ts";
import { energyPerHour } from "./electric-power.ts";
import type { PriceValues } from "./fleet-prices.ts";
import { usdPerHour } from "./hour-price.ts";
import { dalyInterval, meanTimeBetween, stretch, youngInterval } from "./interruptions.ts";
import { jobCost } from "./job-cost.ts";
import { transactionCost } from "./transaction-cost.ts";

const list = parsePrices(
  readFileSync(join(import.meta.dirname, "../../../catalogue/prices.json"), "utf8"),
  "prices.json",
);
const prices: PriceValues = {
  purchase: 30_000,
  rent: 2.5,
  power: 700,
  powerShare: list.powerShare.training.value,
  idleShare: list.powerShare.idle.value,
  hostPower: list.hostPower.value,
  pue: 1.3,
  electricity: 0.1,
  serverMarkup: list.serverMarkup.value,
  networkShare: list.networkShare.value,
  hosting: list.hosting.value,
  amortisation: 5,
  residual: 0.1,
  interest: 0.08,
  maintenance: 0.04,
  utilisation: 0.6,
  staffYear: list.staff.yearlyCost.value,
  acceleratorsPerPerson: list.staff.acceleratorsPerPerson.value,
  engineerMonth: list.staff.engineerMonth.value,
  failures: list.failures.mature.value,
  restart: list.failures.restart.value,
  checkpointBandwidth: list.failures.checkpointBandwidth.value,
};
const share = fc.double({ min: 0.05, max: 1, noNaN: true });

describe("owning and renting", () => {
  test("an annuity pays the price back: discounted payments and resale equal it", () => {
    const yearly = yearlyCapital(1_000, 100, 0.08, 5);
    let worth = 100 / 1.08 ** 5;
    for (let year = 1; year <= 5; year++) worth += yearly / 1.08 ** year;
    expect(worth).toBeCloseTo(1_000, 9);
    expect(yearlyCapital(1_000, 100, 0, 5)).toBe(180);
    expect(yearlyCapital(1_000, 100, 1e-9, 5)).toBeCloseTo(180, 4);
  });

  test("electricity of an H100 by hand", () => {
    // 700 W x 0.85 x 1.4 x 1.3 = 1,083 W at 0.1 USD/kWh
    expect(energyPerHour(prices, 0.85)).toBeCloseTo(0.10829, 5);
  });

  test("at the break-even both cost the same", () => {
    for (const rent of [2, 2.5, 4, 8]) {
      const { utilisation } = breakEven({ ...prices, rent });
      if (utilisation === undefined) continue;
      const own = usdPerHour({ ...prices, utilisation }, "own", true);
      expect(own).toBeCloseTo(rent, 9);
    }
    expect(breakEven({ ...prices, rent: 0.2 })).toEqual({
      utilisation: undefined,
      years: undefined,
    });
  });

  test("what is used more costs less an hour, what costs more does too", () => {
    fc.assert(
      fc.property(share, share, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const at = (utilisation: number) => usdPerHour({ ...prices, utilisation }, "own", false);
        expect(at(high)).toBeLessThanOrEqual(at(low) + 1e-12);
        const dearer = usdPerHour({ ...prices, electricity: prices.electricity + a }, "own", false);
        expect(dearer).toBeGreaterThan(usdPerHour(prices, "own", false));
      }),
    );
  });
});

describe("failures", () => {
  test("Llama 3's 16,384 accelerators stop every three hours", () => {
    expect(meanTimeBetween(0.47, 16_384) / 3_600).toBeCloseTo(3.12, 2);
  });

  test("Daly's interval is where the expected time is least, Young's close to it", () => {
    for (const checkpoint of [5, 60, 600]) {
      const cuts = { between: 10_000, checkpoint, restart: 900 };
      const best = dalyInterval(cuts);
      for (const factor of [0.7, 0.9, 1.1, 1.4]) {
        expect(stretch(cuts, best)).toBeLessThan(stretch(cuts, best * factor));
      }
      expect(stretch(cuts, youngInterval(cuts)) / stretch(cuts, best)).toBeLessThan(1.01);
    }
    expect(dalyInterval({ between: 100, checkpoint: 300, restart: 0 })).toBe(100);
  });

  test("the expected time is that of simulated jobs", () => {
    const cuts = { between: 3_000, checkpoint: 60, restart: 300 };
    const random = new Random(7);
    const [interval, segments] = [600, 20_000];
    let time = 0;
    const next = () => -cuts.between * Math.log(1 - random.next());
    for (let done = 0; done < segments;) {
      const failure = next();
      if (failure >= interval + cuts.checkpoint) {
        time += interval + cuts.checkpoint;
        done++;
        continue;
      }
      time += failure;
      // A restart may fail as well and begins again.
      for (let again = next(); again < cuts.restart; again = next()) time += again;
      time += cuts.restart;
    }
    const simulated = time / (segments * interval);
    expect(Math.abs(stretch(cuts, interval) / simulated - 1)).toBeLessThan(0.02);
  });

  test("a job's money is its stretched hours", () => {
    const job = { accelerators: 64, nodes: 8, seconds: 1e6, checkpointBytes: 1e12 };
    const cost = jobCost(job, prices, "rent");
    expect(cost.usd).toBeCloseTo(((64 * 1e6) / 3_600) * cost.stretch * 2.5, 4);
    expect(cost.stretch).toBeGreaterThan(1);
    expect(jobCost({ ...job, accelerators: 640 }, prices, "rent").stretch).toBeGreaterThan(
      cost.stretch,
    );
  });
});

describe("transactions", () => {
  const shape = {
    input: 400,
    output: 50,
    guardrails: 0.2,
    retries: 0.1,
    straightThrough: 0.8,
    accuracy: 0.95,
  };
  const machine = { prefill: 10_000, decode: 500, usdPerHour: 3.6 };
  const people = { escalation: 0.3, error: 2.5 };

  test("by hand", () => {
    const cost = transactionCost(shape, machine, people);
    // 0.04 s reading and 0.1 s writing; / 0.8 with guardrails; / 0.9 with retries.
    expect(cost.seconds).toBeCloseTo(0.14 / 0.8 / 0.9, 12);
    const correct = 200 + 800 * 0.95;
    expect(cost.terms.machine).toBeCloseTo((1_000 * cost.seconds * 0.001 * 1_000) / correct, 9);
    expect(cost.escalation).toBeCloseTo((200 * 0.3 * 1_000) / correct, 9);
    expect(cost.error).toBeCloseTo((40 * 2.5 * 1_000) / correct, 9);
  });

  test("the parts are the whole", () => {
    fc.assert(
      fc.property(share, share, share, (straightThrough, accuracy, half) => {
        const cost = transactionCost(
          { ...shape, straightThrough, accuracy, guardrails: half / 2 },
          machine,
          people,
        );
        const { prefill, decode, guardrails, retries, escalation, error } = cost;
        const parts = prefill + decode + guardrails + retries + escalation + error;
        expect(parts).toBeCloseTo(cost.total, 8);
      }),
    );
  });
});
