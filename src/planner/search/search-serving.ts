import type { Architecture } from "../../schema/index.ts";
import type { Chip } from "../chip.ts";
import { metredWatts } from "../money/electric-power.ts";
import type { PriceValues } from "../money/fleet-prices.ts";
import { cacheRoom } from "../serving/law/capacity.ts";
import {
  resolveServing,
  type ServingCircumstances,
  type ServingTable,
} from "../serving/law/coefficients.ts";
import type { CacheFormatName, WeightFormatName } from "../serving/law/formats.ts";
import { passWork } from "../serving/law/pass-work.ts";
import { replicaChips, type ServingSetup } from "../serving/law/setup.ts";
import {
  closedLoop,
  decodeTime,
  prefillTime,
  type Replica,
  type RequestSizes,
  type SteadyState,
} from "../serving/queue/steady-state.ts";
import type { Fabric } from "../wires/fabric.ts";
import { headsOf } from "../work/attention-core.ts";
import type { Objective } from "./figures.ts";

/** A service whose setup is looked for. */
export interface ServingSearch {
  readonly model: Architecture;
  readonly chip: Chip;
  readonly fabric: Fabric;
  readonly available: number;
  readonly sizes: RequestSizes;
  readonly table: ServingTable;
  readonly circumstances: ServingCircumstances;
  readonly weights: readonly WeightFormatName[];
  readonly cache: readonly CacheFormatName[];
  readonly prices: PriceValues;
  /** USD of one accelerator for one hour in use. */
  readonly usdPerHour: number;
  readonly objective: Objective;
  /** Seconds at most; absent ones do not bind. */
  readonly timeToFirst?: number | undefined;
  readonly timePerToken?: number | undefined;
  readonly keep: number;
}

export interface FoundServing {
  readonly setup: ServingSetup;
  readonly concurrency: number;
  readonly chips: number;
  readonly steady: SteadyState;
  /** Seconds of one accelerator per request, reading and writing. */
  readonly reading: number;
  readonly writing: number;
  readonly usdPerThousand: number;
  readonly wattHours: number;
  readonly score: number;
}

export interface ServingResult {
  /** Best first. */
  readonly best: readonly FoundServing[];
  readonly counts: {
    readonly evaluated: number;
    /** Setups whose weights leave no room for a single request, and those that are too slow. */
    readonly memory: number;
    readonly slow: number;
  };
}

/** Requests at once per replica that are tried. */
const concurrencies = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];

/** The best ways to serve a model: all tensor degrees, formats and concurrencies are looked at, a few hundred. */
export function searchServing(search: ServingSearch): ServingResult {
  const counts = { evaluated: 0, memory: 0, slow: 0 };
  const best: FoundServing[] = [];
  const { coefficients, work } = resolveServing(search.table, search.circumstances);
  for (const setup of setups(search)) {
    const pass = passWork(setup);
    if (cacheRoom(pass) <= 0) {
      counts.memory++;
      continue;
    }
    const replica = { pass, coefficients, work };
    for (const concurrency of concurrencies) {
      const found = evaluate(search, replica, concurrency);
      counts.evaluated++;
      const { timeToFirst, timePerToken, batch } = found.steady;
      const slow =
        timeToFirst > (search.timeToFirst ?? Number.POSITIVE_INFINITY) ||
        timePerToken > (search.timePerToken ?? Number.POSITIVE_INFINITY);
      if (slow) counts.slow++;
      else best.push(found);
      // More requests than fit at once only wait.
      if (batch < concurrency) break;
    }
  }
  best.sort((a, b) => a.score - b.score);
  return { best: best.slice(0, search.keep), counts };
}

function* setups(search: ServingSearch): Generator<ServingSetup> {
  const { model, chip, fabric, available, weights, cache } = search;
  const heads = model.groups
    .map(({ attention }) => headsOf(attention))
    .filter((count) => count > 0);
  const sparse = model.groups.some(({ feedForward }) => feedForward.kind === "experts");
  for (let tensor = 1; tensor <= Math.min(fabric.domain, available, 64); tensor *= 2) {
    if (heads.some((count) => count % tensor !== 0)) continue;
    for (const weightFormat of weights) {
      for (const cacheFormat of cache) {
        for (const expertParallel of sparse && tensor > 1 ? [false, true] : [false]) {
          yield {
            model,
            chip,
            fabric,
            weights: weightFormat,
            cache: cacheFormat,
            tensor,
            pipeline: 1,
            attentionData: 1,
            expertParallel,
            passTokens: 8_192,
            maxSequences: 1_024,
            memoryShare: 0.9,
          };
        }
      }
    }
  }
}

function evaluate(search: ServingSearch, replica: Replica, concurrency: number): FoundServing {
  const { sizes, prices, usdPerHour, objective } = search;
  const { setup } = replica.pass;
  const chips = replicaChips(setup);
  const steady = closedLoop(replica, sizes, concurrency);
  const seconds = chips / steady.requestsPerSecond;
  // Reading and writing share the passes: the time is split by what each would take alone.
  const reads = prefillTime(replica, sizes);
  const context = sizes.input + sizes.output / 2;
  const writes = (sizes.output * decodeTime(replica, steady.batch, context)) / steady.batch;
  const reading = (seconds * reads) / (reads + writes);
  const usdPerThousand = (1_000 * seconds * usdPerHour) / 3_600;
  const wattHours = (seconds * metredWatts(prices, prices.powerShare)) / 3_600;
  const score = { cost: usdPerThousand, time: steady.timePerToken, energy: wattHours }[objective];
  const parts = { reading, writing: seconds - reading };
  return { setup, concurrency, chips, steady, ...parts, usdPerThousand, wattHours, score };
}
