import type { Operation } from "./operation.ts";
import { fetch } from "./fetch.ts";
import { planVerbs } from "./plan/plan-verbs.ts";
import { roadVerbs } from "./build/road-verbs.ts";
import { check } from "./check.ts";
import { run } from "./run.ts";
import { init } from "./init.ts";
import { schema } from "./schema.ts";
import { runs } from "./runs.ts";
import { show } from "./show.ts";
import { verify } from "./verify.ts";
import { vocabularyVerbs } from "./vocabulary/vocabulary-verbs.ts";
import { why } from "./why.ts";

export { explainFailure } from "./explain-failure.ts";
export type { Operation, OperationContext, OperationResult } from "./operation.ts";

/** First words of verbs of two words, and what their verbs are about. */
export const families: Readonly<Record<string, string>> = {
  plan: "predict what a job or a service costs on given hardware, and why",
  vocabulary: "fit a base's vocabulary to a task",
};

/** Every verb, in the order of `--help`. */
// Each operation narrows its input by its own schema, which the command line applies before `run`.
export const operations = [
  ...roadVerbs,
  run,
  init,
  check,
  fetch,
  verify,
  ...vocabularyVerbs,
  ...planVerbs,
  runs,
  show,
  why,
  schema,
] as unknown as readonly Operation[];
