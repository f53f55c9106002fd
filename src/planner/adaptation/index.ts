export { adaptationCost, type AdaptationCost } from "./adaptation-cost.ts";
export { adaptationTax, sharesOfStep, type AdaptationTax } from "./adaptation-tax.ts";
