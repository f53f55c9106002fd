import { extend } from "./extend.ts";
import { report } from "./report.ts";
import { trim } from "./trim.ts";

/** Verbs that fit a base's vocabulary to a task. */
export const vocabularyVerbs = [report, trim, extend] as const;
