import type { Operation } from "./operation.ts";
import { check } from "./check.ts";
import { runs } from "./runs.ts";
import { show } from "./show.ts";
import { why } from "./why.ts";

export type { Operation, OperationContext, OperationResult } from "./operation.ts";

/** Every verb, in the order of `--help`. */
// Each operation narrows its input by its own schema, which the command line applies before `run`.
export const operations = [check, runs, show, why] as unknown as readonly Operation[];
