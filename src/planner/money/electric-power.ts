import type { PriceValues } from "./fleet-prices.ts";

type PowerPrices = Pick<PriceValues, "power" | "hostPower" | "pue" | "electricity">;

/** Watts at the meter for one accelerator drawing `share` of its rated power: x host and network x facility. */
export function metredWatts(prices: PowerPrices, share: number): number {
  return prices.power * share * prices.hostPower * prices.pue;
}

/** USD of electricity of one accelerator in one hour at `share` of its rated power; cooling is in the PUE. */
export function energyPerHour(prices: PowerPrices, share: number): number {
  return (metredWatts(prices, share) / 1_000) * prices.electricity;
}
