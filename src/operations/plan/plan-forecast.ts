import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { SampanError, type Json } from "../../kernel/index.ts";
import {
  assumptionsOf,
  leverWorths,
  middleWorld,
  parseAssumptions,
  runScenario,
  tornado,
} from "../../planner/strategy/index.ts";
import type { Forecast, Scenario } from "../../schema/index.ts";
import { defineOperation } from "../operation.ts";
import { describeForecast } from "./describe-forecast.ts";

export const planForecast = defineOperation({
  name: "plan forecast",
  summary:
    "asking a frontier model against running a small one of one's own, over years and worlds",
  about:
    "Sets two strategies against each other by cost per 1,000 correct transactions, year by year, in worlds drawn from stated assumptions; then what each scenario changes, which assumptions move the answer most, and what each lever of the low-cost strategy is worth. Everything rests on one file, catalogue/assumptions.json: copy it, change it, and give it with --assumptions.",
  input: z.strictObject({
    assumptions: z.string().optional().describe("a copy of catalogue/assumptions.json; that file"),
    scenario: z.string().optional().describe("only this scenario, by its id; all when left out"),
    years: z.int().min(1).max(50).default(10).describe("how far to look"),
    draws: z.int().min(10).max(100_000).default(2_000).describe("worlds per scenario"),
    seed: z.int().default(1).describe("of the draws; the same seed gives the same figures"),
    top: z.int().min(1).max(100).default(10).describe("assumptions of the tornado to show"),
  }),
  positional: [],
  examples: [
    { line: "sampan plan forecast", does: "ten years in six scenarios" },
    {
      line: "sampan plan forecast --assumptions mine.json --scenario open-stops --json",
      does: "one scenario under assumptions of your own, for programs",
    },
  ],
  async run(input, { cwd }) {
    const forecast = openForecast(input.assumptions, cwd);
    const chosen = choose(forecast, input.scenario);
    const [first] = chosen;
    const scenarios = chosen.map((scenario) => runScenario(forecast, scenario, input));
    const sensitivities = tornado(forecast, first, input.years);
    const levers = leverWorths(middleWorld(assumptionsOf(forecast, first)));
    const { years, draws, seed } = input;
    // Plain data; `undefined` members have no JSON form.
    const value = JSON.parse(
      JSON.stringify({ years, draws, seed, scenarios, tornado: sensitivities, levers }),
    ) as Record<string, Json>;
    const text = describeForecast({ scenarios, sensitivities, levers, settings: input });
    return Promise.resolve({ value, text });
  },
});

/** A file of assumptions is small; what is larger is something else. */
const maxCharacters = 1_000_000;

/** The file that comes with Sampan. */
const ownFile = new URL("../../../catalogue/assumptions.json", import.meta.url);

function openForecast(path: string | undefined, cwd: string): Forecast {
  const name = path ?? "catalogue/assumptions.json";
  let text: string;
  try {
    text = readFileSync(path === undefined ? ownFile : resolve(cwd, path), "utf8");
  } catch (cause) {
    throw new SampanError("not-found", `${name} cannot be read`, {
      hint: "Copy catalogue/assumptions.json and change it.",
      cause,
    });
  }
  if (text.length > maxCharacters) {
    throw new SampanError("data-invalid", `${name} is longer than ${maxCharacters} characters`, {
      hint: "Copy catalogue/assumptions.json and change it.",
    });
  }
  return parseAssumptions(text, name);
}

function choose(forecast: Forecast, id: string | undefined): readonly [Scenario, ...Scenario[]] {
  const found = forecast.scenarios.filter((scenario) => id === undefined || scenario.id === id);
  const [first, ...others] = found;
  if (first !== undefined) return [first, ...others];
  throw new SampanError("not-found", `there is no scenario "${(id ?? "").slice(0, 80)}"`, {
    hint: `Scenarios: ${forecast.scenarios.map((scenario) => scenario.id).join(", ")}.`,
  });
}
