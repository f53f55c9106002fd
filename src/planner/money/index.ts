export { breakEven, type BreakEven } from "./break-even.ts";
export { explainTransaction, type TransactionQuestion } from "./explain-transaction.ts";
export { fleetPrices, priceValues } from "./fleet-prices.ts";
export { explainHour, usdPerHour, type Basis } from "./hour-price.ts";
export { statedConstant } from "./price-constant.ts";
export type { TransactionCost } from "./transaction-cost.ts";
