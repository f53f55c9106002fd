import { energyPerHour } from "./electric-power.ts";
import type { PriceValues } from "./fleet-prices.ts";
import { usdPerHour } from "./hour-price.ts";
import { hoursPerYear, investment, ownedHour } from "./own-hour.ts";

/** When owning is cheaper than renting. */
export interface BreakEven {
  /** Share of hours in use above which owning is cheaper; undefined when renting is cheaper even at all hours. */
  readonly utilisation: number | undefined;
  /** Years of use after which the money paid in is less than rent would have been; undefined when never. */
  readonly years: number | undefined;
}

/**
 * Rent by the hour is paid for hours in use only; owning costs the same a year whatever the use, but for
 * electricity. With u the share of hours in use, (fixed + (1 - u) idle) / u + energy = rent, hence
 * u = (fixed + idle) / (rent - energy + idle).
 */
export function breakEven(prices: PriceValues): BreakEven {
  const { energy, idleEnergy: _, ...parts } = ownedHour({ ...prices, utilisation: 1 });
  const idle = energyPerHour(prices, prices.idleShare);
  const fixed = Object.values(parts).reduce((total, part) => total + part, 0);
  const margin = prices.rent - energy + idle;
  const share = margin > 0 ? (fixed + idle) / margin : Number.POSITIVE_INFINITY;
  return { utilisation: share <= 1 ? share : undefined, years: paybackYears(prices) };
}

/** Investment over what a year of owning saves against a year of rent, money without interest. */
function paybackYears(prices: PriceValues): number | undefined {
  const { capital: _, ...running } = ownedHour(prices);
  const runningHour = Object.values(running).reduce((total, part) => total + part, 0);
  const used = hoursPerYear * prices.utilisation;
  const saved = (usdPerHour(prices, "rent", true) - runningHour) * used;
  return saved > 0 ? investment(prices) / saved : undefined;
}
