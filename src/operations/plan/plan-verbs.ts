import { planExplain } from "./plan-explain.ts";
import { planTrain } from "./plan-train.ts";
import { planValidate } from "./plan-validate.ts";

/** The planner's verbs, in the order of `--help`. */
export const planVerbs = [planTrain, planExplain, planValidate] as const;
