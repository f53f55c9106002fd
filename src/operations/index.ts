import type { Operation } from "./operation.ts";
import { fetch } from "./fetch.ts";
import { roadVerbs } from "./build/road-verbs.ts";
import { check } from "./check.ts";
import { run } from "./run.ts";
import { init } from "./init.ts";
import { schema } from "./schema.ts";
import { runs } from "./runs.ts";
import { show } from "./show.ts";
import { verify } from "./verify.ts";
import { why } from "./why.ts";

export { explainFailure } from "./explain-failure.ts";
export type { Operation, OperationContext, OperationResult } from "./operation.ts";

/** Every verb, in the order of `--help`. */
// Each operation narrows its input by its own schema, which the command line applies before `run`.
export const operations = [
  ...roadVerbs,
  run,
  init,
  check,
  fetch,
  verify,
  runs,
  show,
  why,
  schema,
] as unknown as readonly Operation[];
