import { resolveServing, type ServingTable } from "../law/coefficients.ts";
import {
  burstTime,
  closedLoop,
  prefillTime,
  staticBatchTime,
  type Replica,
} from "../queue/steady-state.ts";
import type { ServingCase } from "./serving-case.ts";

/** Seconds that a table predicts for a case's figure. */
export function predictSeconds(found: ServingCase, table: ServingTable): number {
  const { coefficients, work } = resolveServing(table, found.circumstances);
  return predictWith({ pass: found.pass, coefficients, work }, found);
}

function predictWith(replica: Replica, { figure, sizes, replicas }: ServingCase): number {
  const concurrency = Math.max(1, figure.concurrency / replicas);
  switch (figure.kind) {
    case "decode":
      return closedLoop(replica, sizes, concurrency).timePerToken;
    case "first":
      return closedLoop(replica, sizes, concurrency).timeToFirst;
    case "latency":
      return staticBatchTime(replica, sizes, concurrency);
    case "prefill":
      return prefillTime(replica, sizes);
    case "burst": {
      const requests = figure.requests / replicas;
      return burstTime(replica, sizes, requests) / (figure.requests * sizes.output);
    }
  }
}
