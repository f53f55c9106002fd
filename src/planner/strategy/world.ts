import type { Random } from "../../kernel/index.ts";
import {
  assumptionNames,
  type Assumption,
  type AssumptionName,
  type Forecast,
  type Scenario,
} from "../../schema/index.ts";

/** One possible world: a number for each assumption. */
export type World = Readonly<Record<AssumptionName, number>>;

/** The assumptions of a scenario: its own where it has them, else the expected ones. */
export function assumptionsOf(
  forecast: Forecast,
  { changes }: Scenario,
): Readonly<Record<AssumptionName, Assumption>> {
  return { ...forecast.assumptions, ...changes };
}

/** The world in which everything is as assumed. */
export function middleWorld(assumptions: Readonly<Record<AssumptionName, Assumption>>): World {
  return worldOf((name) => assumptions[name].value);
}

/** A world drawn at random, each assumption by itself. */
export function drawWorld(
  assumptions: Readonly<Record<AssumptionName, Assumption>>,
  random: Random,
): World {
  // Every assumption takes one number of the stream, so that scenarios see the same luck.
  return worldOf((name) => at(assumptions[name], random.normal()));
}

/** A world as assumed but for one thing. */
export function worldWith(world: World, name: AssumptionName, value: number): World {
  return { ...world, [name]: value };
}

/** Standard deviations from the median to the 90th percentile. */
const toNinety = 1.2816;

/**
 * An assumption `z` standard deviations from its middle: normal, or log-normal where all of it is positive, with a
 * deviation of its own on each side so that low and high are the 10th and the 90th percentile. Shares stay below 1.
 */
export function at({ value, low, high, unit }: Assumption, z: number): number {
  const end = z < 0 ? low : high;
  const steps = Math.abs(z) / toNinety;
  const drawn = low > 0 ? value * (end / value) ** steps : value + (end - value) * steps;
  return unit === "share" ? Math.min(0.98, Math.max(0, drawn)) : drawn;
}

function worldOf(valueOf: (name: AssumptionName) => number): World {
  const world = {} as Record<AssumptionName, number>; // Filled for every name below.
  for (const name of assumptionNames) world[name] = valueOf(name);
  return world;
}
