import { costPerCorrect, type CostTerms } from "../../schema/index.ts";
import type { World } from "./world.ts";

/** Ask a frontier model for each transaction; or tune a small open one and run it on hardware at hand. */
export const strategies = ["frontier", "low-cost"] as const;
export type Strategy = (typeof strategies)[number];

/** USD per 1,000 correct transactions in a year; `effort` is part of `machine` in the identity's terms. */
export interface YearCost extends CostTerms {
  readonly effort: number;
}

/** What one strategy's transaction costs `year` years from now. */
export function strategyCost(world: World, strategy: Strategy, year: number): YearCost {
  const machine =
    strategy === "frontier" ? frontierMachine(world, year) : lowCostMachine(world, year);
  const effort = engineerMonths(world, strategy, year) * world.month;
  const { through, wrong } = qualityOf(world, strategy, year);
  const records = world.transactions;
  const answered = records * through;
  const counts = { records, answered, right: answered * (1 - wrong) };
  const prices = { escalation: world.person, error: world.error };
  const terms = costPerCorrect(counts, prices, records * machine + effort);
  return { ...terms, effort: (effort / (records * machine + effort)) * terms.machine };
}

/** USD of an operation on frontier hardware: an hour's price over what serving reaches, halving with the years. */
export function usdPerFlop(world: World, year: number): number {
  const power = 1 - world.powerShare + world.powerShare * (1 + world.powerGrowth) ** year;
  const now = world.hour / 3_600 / (world.peak * world.served);
  return now * power * 2 ** (-year / world.cheaper);
}

/** 2 operations per active parameter and token, prompt and thinking included, plus guardrails, times the margin. */
function frontierMachine(world: World, year: number): number {
  const parameters = world.frontierParameters * (1 + world.frontierGrowth) ** year;
  const tokens = world.input + world.frontierPrompt + world.output * world.frontierThinking;
  const guard = shareAfter(world.frontierGuard, world.frontierGuardGrowth, year);
  return ((2 * parameters * tokens * usdPerFlop(world, year)) / (1 - guard)) * world.frontierMargin;
}

/** As that without margin, on dearer hardware that mostly waits; slower still where it was cut off. */
function lowCostMachine(world: World, year: number): number {
  const tokens = world.input + world.output;
  const gap = world.gap * (1 + world.gapGrowth) ** year;
  const foreign = year >= world.cutOff ? 1 / world.foreign : 1;
  const guard = shareAfter(world.lowGuard, world.lowGuardGrowth, year);
  const flops = (2 * world.lowParameters * tokens) / (1 - guard);
  return (flops * usdPerFlop(world, year) * gap * foreign) / world.lowUtilisation;
}

/** Engineer-months of a year: running it, the first build, and the year in which the hardware is cut off. */
function engineerMonths(world: World, strategy: Strategy, year: number): number {
  if (strategy === "frontier") return world.frontierMonths;
  const first = year === 0 ? world.firstMonths : 0;
  const moving = year >= world.cutOff && year < world.cutOff + 1 ? world.migration : 0;
  return world.lowMonths + first + moving;
}

/**
 * Share answered without a person and share of those that are wrong. Both shortfalls halve with better models; a base
 * that is no longer renewed ages instead, its shortfalls growing with each year since the last release.
 */
export function qualityOf(
  world: World,
  strategy: Strategy,
  year: number,
): { readonly through: number; readonly wrong: number } {
  const frontier = strategy === "frontier";
  const renewed = frontier ? year : Math.min(year, world.openStops);
  const halving = frontier ? world.frontierBetter : world.lowBetter;
  const factor = 2 ** (-renewed / halving) * (1 + world.ageing) ** (year - renewed);
  const [through, wrong] = frontier
    ? [world.frontierThrough, world.frontierError]
    : [world.lowThrough, world.lowError];
  return { through: 1 - Math.min(1, (1 - through) * factor), wrong: Math.min(1, wrong * factor) };
}

function shareAfter(share: number, growth: number, year: number): number {
  return Math.min(0.95, Math.max(0, share + growth * year));
}

/** Mean yearly cost over years, later years counting less by the interest: what the strategies are compared by. */
export function costOver(world: World, strategy: Strategy, years: number): number {
  let [cost, weight] = [0, 0];
  for (let year = 0; year < years; year++) {
    const counts = (1 + world.interest) ** -year;
    cost += counts * strategyCost(world, strategy, year).total;
    weight += counts;
  }
  return cost / weight;
}
