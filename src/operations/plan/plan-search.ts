import { resolve } from "node:path";
import { z } from "zod";
import { writeAtomically } from "../../disk/index.ts";
import { SampanError, type Json } from "../../kernel/index.ts";
import { resolveGroup, type ResolvedGroup } from "../../planner/index.ts";
import {
  breakEven,
  fleetPrices,
  priceValues,
  usdPerHour,
  type Basis,
} from "../../planner/money/index.ts";
import { parseConstraints, searchTraining, weightFormatNames } from "../../planner/search/index.ts";
import {
  trainingPlanSchema,
  trainingPrecisions,
  type Architecture,
  type Cluster,
} from "../../schema/index.ts";
import { defineOperation, type OperationResult } from "../operation.ts";
import { describeSearch } from "./describe-search.ts";
import { openCatalogue, openEfficiency, openPrices } from "./open-catalogue.ts";
import { openModel } from "./open-model.ts";
import { readCluster } from "./read-cluster.ts";
import { searchService } from "./search-service.ts";
import { softwareYear, trainShape } from "./train-input.ts";

const { model, cluster, tokens, sequence, batch } = trainShape;

/** How the accelerators are come by; shared with plan task. */
export const moneyShape = {
  basis: z
    .enum(["own", "rent", "cheaper"])
    .default("cheaper")
    .describe(
      "whether the accelerators are owned or rented; cheaper takes the one that costs less",
    ),
  place: z
    .string()
    .default("world")
    .describe("whose electricity price, without one in the cluster"),
};

const inputSchema = z.strictObject({
  model,
  cluster,
  tokens,
  sequence,
  batch,
  objective: z.enum(["time", "cost", "energy"]).default("time").describe("what to make least"),
  constraint: z
    .string()
    .default("")
    .describe(
      'bounds, e.g. "usd<2e6,days<30,kw<400,mwh<900,gb<70"; of a service "ttft<1,tpot<0.05"',
    ),
  serve: z
    .string()
    .optional()
    .describe("look for a service instead: mean tokens read/written per request, e.g. 500/100"),
  weights: z
    .array(z.enum(weightFormatNames))
    .default(["bf16"])
    .describe("formats of a service's weights to choose from"),
  precision: z
    .array(z.enum(trainingPrecisions))
    .default(["bf16"])
    .describe("recipes to choose from"),
  ...moneyShape,
  keep: z.int().min(1).max(50).default(5).describe("how many of the best to show"),
  launch: z.string().optional().describe("file to write the start script of the best to"),
});

export const planSearch = defineOperation({
  name: "plan search",
  summary: "the best way to train a model on a cluster, why others lost, and how to start it",
  about:
    "Looks through all usual degrees of parallelism, ZeRO stages, recompute and micro-batches (and fewer accelerators), exactly: branches are cut only where a proven bound is worse. Prints the best plans, what each choice is worth, and the torchrun command of the winner.",
  input: inputSchema,
  positional: [],
  examples: [
    {
      line: 'sampan plan search --model llama-3.1-8b --cluster examples/plans/h100-x64.yaml --tokens 2e11 --objective cost --constraint "days<60"',
      does: "the cheapest plan that ends within 60 days",
    },
    {
      line: 'sampan plan search --model llama-3.1-70b --cluster examples/plans/h100-x64.yaml --serve 500/100 --weights bf16 fp8 --objective cost --constraint "tpot<0.03"',
      does: "the cheapest way to serve it at 30 ms per token, with the vLLM command",
    },
  ],
  async run(input, { cwd }) {
    const catalogue = openCatalogue();
    const architecture = openModel(input.model, catalogue.models, cwd);
    const file = await readCluster(input.cluster, cwd);
    const given = onlyGroup(file, "plan search");
    const group = resolveGroup(given, catalogue);
    const load = input.serve === undefined ? "training" : "decode";
    const { entry } = group;
    const priced = {
      group: given,
      entry,
      cluster: file,
      list: openPrices(),
      load,
      place: input.place,
    } as const;
    const values = priceValues(fleetPrices(priced, softwareYear));
    const basis = chooseBasis(input.basis, values, input.serve === undefined);
    const { serve } = input;
    const found = { model: architecture, group, values, basis };
    const result =
      serve === undefined
        ? searchJob({ ...input, ...found, perNode: given.perNode })
        : searchService({ ...input, ...found, serve });
    const script = result.value["launch"];
    if (input.launch !== undefined && typeof script === "string") {
      writeAtomically(resolve(cwd, input.launch), [script]);
    }
    return result;
  },
});

interface JobAsked extends Omit<z.infer<typeof inputSchema>, "model"> {
  readonly model: Architecture;
  readonly group: ResolvedGroup;
  readonly values: ReturnType<typeof priceValues>;
  readonly basis: Basis;
  readonly perNode: number;
}

function searchJob(input: JobAsked): OperationResult {
  const { model: architecture, group, values, basis } = input;
  const { chip } = group;
  const answer = searchTraining({
    setup: {
      model: architecture,
      chip,
      fabric: group.fabric,
      plan: trainingPlanSchema.parse({ globalBatch: input.batch, sequence: input.sequence }),
      balanced: true,
      overlapsData: true,
    },
    available: group.count,
    perNode: input.perNode,
    tokens: input.tokens,
    circumstances: {
      chip: chip.id,
      family: chip.family,
      launched: chip.launched,
      year: softwareYear,
    },
    efficiency: openEfficiency(),
    prices: values,
    basis,
    objective: input.objective,
    constraints: parseConstraints(input.constraint),
    precisions: input.precision,
    keep: input.keep,
  });
  const evenness = breakEven(values);
  // Plain data; `undefined` members have no JSON form.
  const value = JSON.parse(JSON.stringify({ ...answer, basis, breakEven: evenness })) as Record<
    string,
    Json
  >;
  const text = describeSearch({ answer, group, model: architecture, basis, evenness, input });
  return { value, text, ...(answer.best.length === 0 ? { exit: 6 } : {}) };
}

/** The single group of a cluster. Errors: `usage-invalid` when it has several. */
export function onlyGroup(file: Cluster, verb: string): Cluster["groups"][number] {
  const [first, ...others] = file.groups;
  if (first !== undefined && others.length === 0) return first;
  throw new SampanError(
    "usage-invalid",
    `${file.name} has ${file.groups.length} groups; ${verb} takes one`,
    {
      hint: "Keep one group in the file; plan fleet sets groups against each other.",
    },
  );
}

/** Settles "cheaper" by the price of an hour in use. */
export function chooseBasis(
  asked: Basis | "cheaper",
  prices: Parameters<typeof usdPerHour>[0],
  keepsBusy: boolean,
): Basis {
  if (asked !== "cheaper") return asked;
  const [own, rent] = [usdPerHour(prices, "own", keepsBusy), usdPerHour(prices, "rent", keepsBusy)];
  return own <= rent ? "own" : "rent";
}
