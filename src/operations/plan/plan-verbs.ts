import { planAdapt } from "./plan-adapt.ts";
import { planCompare } from "./plan-compare.ts";
import { planExplain } from "./plan-explain.ts";
import { planForecast } from "./plan-forecast.ts";
import { planMixed } from "./plan-fleet.ts";
import { planSearch } from "./plan-search.ts";
import { planTask } from "./plan-task.ts";
import { planServe } from "./plan-serve.ts";
import { planTrain } from "./plan-train.ts";
import { planValidate } from "./plan-validate.ts";

/** The planner's verbs, in the order of `--help`. */
export const planVerbs = [
  planTrain,
  planServe,
  planTask,
  planSearch,
  planMixed,
  planAdapt,
  planForecast,
  planExplain,
  planCompare,
  planValidate,
] as const;
