import { planValidate } from "./plan-validate.ts";

/** The planner's verbs, in the order of `--help`. */
export const planVerbs = [planValidate] as const;
