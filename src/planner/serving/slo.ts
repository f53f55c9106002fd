import { SampanError } from "../../kernel/index.ts";
import type { SimulationResult } from "./simulation/result.ts";

/** One bound of a service-level objective: a percentile of a time that must stay below `limit` seconds. */
export interface Bound {
  readonly text: string;
  readonly what: "ttft" | "tpot" | "latency";
  readonly percentile: "mean" | "p50" | "p95" | "p99";
  readonly limit: number;
}

const pattern = /^(ttft|tpot|latency)(?:_(mean|p50|p95|p99))?<([0-9.]+)(ms|s)$/;

/** Reads "ttft<1s,tpot_p99<50ms"; without a percentile it is p95. Errors: `usage-invalid`. */
export function parseBounds(text: string): readonly Bound[] {
  return text
    .split(",")
    .map((part) => part.replaceAll(" ", ""))
    .filter((part) => part !== "")
    .map((part) => {
      const [, what, percentile = "p95", digits, unit] = pattern.exec(part) ?? [];
      const limit = Number(digits) * (unit === "ms" ? 1e-3 : 1);
      if (what === undefined || !(limit > 0) || !Number.isFinite(limit)) {
        throw new SampanError("usage-invalid", `--slo: "${part.slice(0, 60)}" is not a bound`, {
          hint: "Write for example: --slo ttft<1s,tpot<50ms,latency_p99<30s (p95 where none is named).",
        });
      }
      // The pattern admits no other words.
      return {
        text: part,
        what: what as Bound["what"],
        percentile: percentile as Bound["percentile"],
        limit,
      };
    });
}

/** The simulated value of a bound, and whether it holds. */
export function meets(
  { what, percentile, limit }: Bound,
  result: SimulationResult,
): { readonly value: number; readonly met: boolean } {
  const times = {
    ttft: result.timeToFirst,
    tpot: result.timePerToken,
    latency: result.latency,
  }[what];
  const value = times[percentile];
  return { value, met: value < limit };
}
