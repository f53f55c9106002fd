import { SampanError, type Json } from "../../kernel/index.ts";
import type { ResolvedGroup } from "../../planner/index.ts";
import { usdPerHour, type Basis } from "../../planner/money/index.ts";
import {
  launchServing,
  parseConstraints,
  searchServing,
  type FoundServing,
  type ServingSearch,
} from "../../planner/search/index.ts";
import type { Architecture } from "../../schema/index.ts";
import type { OperationResult } from "../operation.ts";
import { openServingEfficiency } from "./open-catalogue.ts";
import { softwareYear } from "./train-input.ts";

interface ServiceAsked extends Pick<ServingSearch, "objective" | "weights" | "keep"> {
  /** Tokens read/written. */
  readonly serve: string;
  readonly constraint: string;
  readonly model: Architecture;
  readonly group: ResolvedGroup;
  readonly values: ServingSearch["prices"];
  readonly basis: Basis;
}

/** The serving side of plan search. Errors: `usage-invalid` for sizes that are none. */
export function searchService(asked: ServiceAsked): OperationResult {
  const { model, group, values, basis, objective, weights, keep } = asked;
  const sizes = readSizes(asked.serve);
  const { chip, fabric, count } = group;
  const { timeToFirst, timePerToken } = parseConstraints(asked.constraint);
  const sparse = model.groups.some(({ feedForward }) => feedForward.kind === "experts");
  const result = searchServing({
    model,
    chip,
    fabric,
    available: count,
    sizes,
    table: openServingEfficiency().table,
    circumstances: {
      chip: chip.id,
      family: chip.family,
      software: "vllm",
      year: softwareYear,
      sparse,
    },
    weights,
    cache: ["bf16", "fp8"],
    prices: values,
    usdPerHour: usdPerHour(values, basis, false),
    objective,
    timeToFirst,
    timePerToken,
    keep,
  });
  const [winner] = result.best;
  const longest = 4 * (sizes.input + sizes.output) + 64;
  const launch =
    winner === undefined ? undefined : launchServing(winner, { available: count, longest });
  const { evaluated, memory, slow } = result.counts;
  const text = [
    `${model.name} on ${count} x ${chip.name}, ${sizes.input} tokens read and ${sizes.output} written per request; least ${objective}`,
    `${evaluated} ways evaluated; ${memory} without memory, ${slow} too slow`,
    ...(launch === undefined
      ? [
          "None keeps the bounds: loosen ttft or tpot, allow narrower --weights, or use more accelerators.",
        ]
      : ["", header, ...result.best.map(describeFound), "", launch]),
  ].join("\n");
  // Architectures and chips are in the catalogue; what was chosen is told.
  const best = result.best.map(({ setup, ...found }) => ({ ...found, ...chosenOf(setup) }));
  const value = JSON.parse(
    JSON.stringify({ best, counts: result.counts, launch, basis }),
  ) as Record<string, Json>;
  return { value, text, ...(winner === undefined ? { exit: 6 } : {}) };
}

const header =
  "USD/1,000   Wh each  first ms  token ms  at once  requests/s  each accelerator serves";

function describeFound({
  setup,
  chips,
  steady,
  usdPerThousand,
  wattHours,
  concurrency,
}: FoundServing): string {
  const { tensor, weights, cache, expertParallel } = chosenOf(setup);
  const columns = [
    usdPerThousand.toPrecision(3).padStart(9),
    wattHours.toPrecision(3).padStart(9),
    (steady.timeToFirst * 1_000).toPrecision(3).padStart(9),
    (steady.timePerToken * 1_000).toPrecision(3).padStart(9),
    `${concurrency}`.padStart(8),
    (steady.requestsPerSecond / chips).toPrecision(3).padStart(11),
  ];
  const experts = expertParallel ? ", whole experts" : "";
  return `${columns.join(" ")}  tensor ${tensor}, ${weights} weights, ${cache} cache${experts}`;
}

function chosenOf({ tensor, weights, cache, expertParallel }: FoundServing["setup"]) {
  return { tensor, weights, cache, expertParallel };
}

function readSizes(text: string): ServingSearch["sizes"] {
  const [, input = "", output = ""] = /^\s*([0-9]{1,8})\s*\/\s*([0-9]{1,8})\s*$/.exec(text) ?? [];
  const sizes = { input: Number(input), output: Number(output), reused: 0, spread: 0.5 };
  if (sizes.input >= 1 && sizes.output >= 1) return sizes;
  throw new SampanError("usage-invalid", `"${text.slice(0, 40)}" are no sizes of a request`, {
    hint: "Write tokens read / tokens written, e.g. --serve 500/100.",
  });
}
