export { launchServing } from "./launch-serving.ts";
export { parseConstraints } from "./parse-constraints.ts";
export type { FoundPlan } from "./search-plans.ts";
export { searchServing, type FoundServing, type ServingSearch } from "./search-serving.ts";
export { searchTraining, type SearchAnswer } from "./search-training.ts";
export type { Rival } from "./why-lost.ts";
export { weightFormatNames } from "../serving/law/formats.ts";
