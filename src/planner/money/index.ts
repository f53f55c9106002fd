export { breakEven, type BreakEven } from "./break-even.ts";
export { fleetPrices, priceValues, type FleetPrices } from "./fleet-prices.ts";
export { usdPerHour, type Basis } from "./hour-price.ts";
