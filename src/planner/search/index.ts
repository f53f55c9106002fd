export { parseConstraints } from "./parse-constraints.ts";
export type { FoundPlan } from "./search-plans.ts";
export type { Rival } from "./why-lost.ts";
export { searchTraining, type SearchAnswer } from "./search-training.ts";
