import { yearlyCapital } from "./annuity.ts";
import { energyPerHour } from "./electric-power.ts";
import type { PriceValues } from "./fleet-prices.ts";

/** Hours of a year, leap years counted. */
export const hoursPerYear = 8_766;

/** USD of one owned accelerator for one hour in use, by what it is paid for. */
export interface OwnedHour {
  readonly capital: number;
  readonly maintenance: number;
  readonly hosting: number;
  readonly staff: number;
  readonly energy: number;
  /** Electricity of the hours in which it waits. */
  readonly idleEnergy: number;
}

/** What accelerator, server and network cost to buy, per accelerator. */
export function investment(prices: PriceValues): number {
  return prices.purchase * prices.serverMarkup * (1 + prices.networkShare);
}

/**
 * Total cost of ownership per hour in use: yearly capital, maintenance, hall and staff over the hours in use, and
 * electricity under load and, in the hours between, idle (Barroso, Hoelzle and Ranganathan, The Datacenter as a
 * Computer, chapter 6). The hall is paid for the rated power, whatever is drawn.
 */
export function ownedHour(prices: PriceValues): OwnedHour {
  const used = hoursPerYear * prices.utilisation;
  const price = investment(prices);
  const capital = yearlyCapital(
    price,
    prices.residual * price,
    prices.interest,
    prices.amortisation,
  );
  const kilowatts = (prices.power * prices.hostPower) / 1_000;
  const waiting = (1 - prices.utilisation) / prices.utilisation;
  return {
    capital: capital / used,
    maintenance: (prices.maintenance * price) / used,
    hosting: (12 * prices.hosting * kilowatts) / used,
    staff: prices.staffYear / prices.acceleratorsPerPerson / used,
    energy: energyPerHour(prices, prices.powerShare),
    idleEnergy: waiting * energyPerHour(prices, prices.idleShare),
  };
}
