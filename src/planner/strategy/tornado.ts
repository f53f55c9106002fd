import {
  assumptionNames,
  type AssumptionName,
  type Forecast,
  type Scenario,
} from "../../schema/index.ts";
import { costOver } from "./strategy-cost.ts";
import { assumptionsOf, middleWorld, worldWith, type World } from "./world.ts";

/** How far one assumption moves the answer: low-cost over frontier, the others as assumed. */
export interface Sensitivity {
  readonly name: AssumptionName;
  readonly about: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  /** Ratio of the costs with the assumption at its low and at its high end. */
  readonly ratioAtLow: number;
  readonly ratioAtHigh: number;
}

/** All assumptions that move the answer at all, the most moving first. */
export function tornado(
  forecast: Forecast,
  scenario: Scenario,
  years: number,
): readonly Sensitivity[] {
  const assumptions = assumptionsOf(forecast, scenario);
  const middle = middleWorld(assumptions);
  return assumptionNames
    .map((name): Sensitivity => {
      const { low, high, about, unit } = assumptions[name];
      const ratioAtLow = ratioOf(worldWith(middle, name, low), years);
      const ratioAtHigh = ratioOf(worldWith(middle, name, high), years);
      return { name, about, unit, low, high, ratioAtLow, ratioAtHigh };
    })
    .filter((one) => swing(one) > 1e-9)
    .sort((a, b) => swing(b) - swing(a));
}

function ratioOf(world: World, years: number): number {
  return costOver(world, "low-cost", years) / costOver(world, "frontier", years);
}

function swing({ ratioAtLow, ratioAtHigh }: Sensitivity): number {
  return Math.abs(Math.log(ratioAtHigh / ratioAtLow));
}
