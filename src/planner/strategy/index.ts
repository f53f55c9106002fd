export { leverWorths, type LeverWorth } from "./levers.ts";
export { parseAssumptions } from "./parse-assumptions.ts";
export { runScenario, type ScenarioForecast } from "./run-scenario.ts";
export { tornado, type Sensitivity } from "./tornado.ts";
export { assumptionsOf, middleWorld } from "./world.ts";
