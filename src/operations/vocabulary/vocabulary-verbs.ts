import { extend } from "./extend.ts";
import { trim } from "./trim.ts";

/** Verbs that fit a base's vocabulary to a task. */
export const vocabularyVerbs = [trim, extend] as const;
