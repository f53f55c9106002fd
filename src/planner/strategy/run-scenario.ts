import { quantile, Random } from "../../kernel/index.ts";
import type { Forecast, Scenario } from "../../schema/index.ts";
import { costOver, strategyCost } from "./strategy-cost.ts";
import { assumptionsOf, drawWorld, middleWorld, type World } from "./world.ts";

/** Middle and ends of the range in which four of five worlds lie. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface YearForecast {
  readonly year: number;
  readonly frontier: Spread;
  readonly lowCost: Spread;
  /** Share of worlds in which the low-cost strategy is cheaper in this year. */
  readonly lowCostWins: number;
}

/** When one strategy overtakes the other for good (up to the last year looked at). */
export interface Crossover {
  /** Share of worlds in which low-cost is cheaper in every year, in none, and in which the order changes. */
  readonly always: number;
  readonly never: number;
  readonly changes: number;
  /** Year of the last change, over the worlds that have one; absent where none has. */
  readonly year?: Spread;
  /** Of the worlds that change, the share in which low-cost ends ahead. */
  readonly endsLowCost: number;
}

export interface ScenarioForecast {
  readonly scenario: Pick<Scenario, "id" | "name" | "about">;
  readonly years: readonly YearForecast[];
  /** Mean cost over all years, interest counted. */
  readonly frontier: Spread;
  readonly lowCost: Spread;
  readonly lowCostWins: number;
  /** Low-cost over frontier, of the same world. */
  readonly ratio: Spread;
  /** The same in the world where all is as assumed. */
  readonly middleRatio: number;
  readonly crossover: Crossover;
}

export interface ForecastSettings {
  readonly years: number;
  readonly draws: number;
  readonly seed: number;
}

/** Draws worlds of a scenario and lives each of them through with both strategies. */
export function runScenario(
  forecast: Forecast,
  scenario: Scenario,
  { years, draws, seed }: ForecastSettings,
): ScenarioForecast {
  const assumptions = assumptionsOf(forecast, scenario);
  const random = new Random(seed, "forecast");
  const worlds = Array.from({ length: draws }, () => drawWorld(assumptions, random));
  const lives = worlds.map((world) => liveThrough(world, years));
  const whole = worlds.map((world) => wholeCost(world, years));
  const ratios = whole.map(({ frontier, lowCost }) => lowCost / frontier);
  const middle = wholeCost(middleWorld(assumptions), years);
  const { id, name, about } = scenario;
  return {
    scenario: { id, name, about },
    years: Array.from({ length: years }, (_, year) => {
      const costs = lives.flatMap((life) => life[year] ?? []);
      return {
        year,
        frontier: spreadOf(costs.map(({ frontier }) => frontier)),
        lowCost: spreadOf(costs.map(({ lowCost }) => lowCost)),
        lowCostWins: shareOf(costs, ({ frontier, lowCost }) => lowCost < frontier),
      };
    }),
    frontier: spreadOf(whole.map(({ frontier }) => frontier)),
    lowCost: spreadOf(whole.map(({ lowCost }) => lowCost)),
    lowCostWins: shareOf(ratios, (ratio) => ratio < 1),
    ratio: spreadOf(ratios),
    middleRatio: middle.lowCost / middle.frontier,
    crossover: crossoverOf(lives),
  };
}

interface Pair {
  readonly frontier: number;
  readonly lowCost: number;
}

function liveThrough(world: World, years: number): readonly Pair[] {
  return Array.from({ length: years }, (_, year) => ({
    frontier: strategyCost(world, "frontier", year).total,
    lowCost: strategyCost(world, "low-cost", year).total,
  }));
}

function wholeCost(world: World, years: number): Pair {
  return {
    frontier: costOver(world, "frontier", years),
    lowCost: costOver(world, "low-cost", years),
  };
}

/** Years after which the order of the last year holds, by world. */
export function crossoverOf(lives: readonly (readonly Pair[])[]): Crossover {
  const changed: { readonly year: number; readonly lowCost: boolean }[] = [];
  let always = 0;
  for (const life of lives) {
    const wins = life.map(({ frontier, lowCost }) => lowCost < frontier);
    const last = wins.at(-1) ?? false;
    const year = wins.lastIndexOf(!last) + 1;
    if (year > 0) changed.push({ year, lowCost: last });
    else if (last) always++;
  }
  return {
    always: always / lives.length,
    never: (lives.length - always - changed.length) / lives.length,
    changes: changed.length / lives.length,
    ...(changed.length === 0 ? {} : { year: spreadOf(changed.map(({ year }) => year)) }),
    endsLowCost: changed.length === 0 ? 0 : shareOf(changed, ({ lowCost }) => lowCost),
  };
}

function spreadOf(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), low: quantile(values, 0.1), high: quantile(values, 0.9) };
}

function shareOf<T>(values: readonly T[], holds: (value: T) => boolean): number {
  return values.filter(holds).length / values.length;
}
