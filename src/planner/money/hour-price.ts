import { sum } from "../../kernel/index.ts";
import type { Constant, Term } from "../../schema/index.ts";
import type { FleetPrices, PriceName, PriceValues } from "./fleet-prices.ts";
import { priceValues } from "./fleet-prices.ts";
import { ownedHour, type OwnedHour } from "./own-hour.ts";

/** How accelerators are come by. */
export type Basis = "own" | "rent";

/**
 * USD of one accelerator for one hour in use. Rented ones include hall, staff of the seller and electricity; they
 * are paid while they wait as well, but for a job that returns them at its end (`keepsBusy`).
 */
export function usdPerHour(prices: PriceValues, basis: Basis, keepsBusy: boolean): number {
  if (basis === "rent") return prices.rent / (keepsBusy ? 1 : prices.utilisation);
  return sum(Object.values(ownedHour(prices)));
}

const ownedLaws: Readonly<
  Record<keyof OwnedHour, { label: string; formula: string; uses: readonly PriceName[] }>
> = {
  capital: {
    label: "capital",
    formula:
      "annuity of purchase x server x (1 + network) less resale, over the hours in use of a year",
    uses: [
      "purchase",
      "serverMarkup",
      "networkShare",
      "residual",
      "interest",
      "amortisation",
      "utilisation",
    ],
  },
  maintenance: {
    label: "spares and contracts",
    formula: "share of the investment per year / hours in use",
    uses: ["maintenance", "utilisation"],
  },
  hosting: {
    label: "hall and its power train",
    formula: "12 x price per kilowatt and month x rated kilowatts with host / hours in use",
    uses: ["hosting", "power", "hostPower", "utilisation"],
  },
  staff: {
    label: "people who keep it running",
    formula: "yearly cost / accelerators per person / hours in use",
    uses: ["staffYear", "acceleratorsPerPerson", "utilisation"],
  },
  energy: {
    label: "electricity with cooling, under load",
    formula: "rated power x share x host x PUE x tariff",
    uses: ["power", "powerShare", "hostPower", "pue", "electricity"],
  },
  idleEnergy: {
    label: "electricity while waiting",
    formula: "rated power x idle share x host x PUE x tariff x waiting hours per hour in use",
    uses: ["idleShare", "utilisation"],
  },
};

/** The price of an hour as a term with its parts. */
export function explainHour(prices: FleetPrices, basis: Basis, keepsBusy: boolean): Term {
  const values = priceValues(prices);
  const root = {
    id: "hour",
    label: `one ${basis === "own" ? "owned" : "rented"} accelerator for one hour in use`,
    value: usdPerHour(values, basis, keepsBusy),
    unit: "USD/h",
  };
  if (basis === "rent") {
    const uses: readonly PriceName[] = keepsBusy ? ["rent"] : ["rent", "utilisation"];
    const formula = keepsBusy ? "rent" : "rent / hours in use over hours paid";
    return { ...root, formula, children: [], constants: pick(prices, uses) };
  }
  const parts = ownedHour(values);
  const names = Object.keys(ownedLaws) as readonly (keyof OwnedHour)[];
  return {
    ...root,
    formula: "sum of its parts",
    constants: [],
    children: names.map((name) => ({
      id: `hour.${name}`,
      label: ownedLaws[name].label,
      value: parts[name],
      unit: "USD/h",
      formula: ownedLaws[name].formula,
      children: [],
      constants: pick(prices, ownedLaws[name].uses),
    })),
  };
}

/** Some of a fleet's prices as constants of a term. */
export function pick(prices: FleetPrices, names: readonly PriceName[]): Constant[] {
  return names.map((name) => prices[name]);
}
