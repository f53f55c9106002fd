import { resolve } from "node:path";
import { z } from "zod";
import { readTaskFile, type TaskFile } from "../../data/index.ts";
import { writeAtomically } from "../../disk/index.ts";
import { SampanError, type Json } from "../../kernel/index.ts";
import { resolveGroup, type ResolvedGroup } from "../../planner/index.ts";
import {
  breakEven,
  explainHour,
  explainTransaction,
  fleetPrices,
  priceValues,
  statedConstant,
} from "../../planner/money/index.ts";
import {
  launchServing,
  searchServing,
  weightFormatNames,
  type FoundServing,
} from "../../planner/search/index.ts";
import type { Architecture, Constant } from "../../schema/index.ts";
import { defineOperation, type OperationContext } from "../operation.ts";
import { describeTask } from "./describe-task.ts";
import { openCatalogue, openPrices, openServingEfficiency } from "./open-catalogue.ts";
import { openModel } from "./open-model.ts";
import { chooseBasis, moneyShape, onlyGroup } from "./plan-search.ts";
import { readCluster } from "./read-cluster.ts";
import { measuredTask } from "./task-measurements.ts";
import { taskTokens } from "./task-tokens.ts";
import { softwareYear } from "./train-input.ts";

const share = z.number().min(0).max(1);

const inputSchema = z.strictObject({
  task: z.string().describe("path of a task.yaml"),
  cluster: z.string().describe("cluster.yaml: which accelerators, how many, how joined"),
  model: z.string().optional().describe("model that answers; the task's base when left out"),
  weights: z.enum(weightFormatNames).default("int8").describe("format of the weights"),
  timeToFirst: z.number().positive().default(1).describe("seconds to the first token, at most"),
  timePerToken: z.number().positive().default(0.05).describe("seconds per token, at most"),
  inputTokens: z.number().positive().optional().describe("tokens read; measured when left out"),
  outputTokens: z.number().positive().optional().describe("tokens written; measured when left out"),
  guardrails: share.max(0.99).default(0.05).describe("share of the machine's time for guardrails"),
  retries: share.max(0.99).default(0.01).describe("share of attempts that are made again"),
  straightThrough: share.optional().describe("share without a person; that of the newest build"),
  accuracy: share.optional().describe("accuracy of those answers; that of the newest build"),
  ...moneyShape,
  out: z.string().optional().describe("file to keep the plan in, for plan explain and compare"),
});

type Input = z.infer<typeof inputSchema>;

export const planTask = defineOperation({
  name: "plan task",
  summary: "what a correct transaction of a task costs on a cluster, and what it is paid for",
  about:
    "Prices a task by the foundry's own identity, (machine + people + errors) / correct, on hardware that need not be here: tokens from the task's records, quality from its newest build (or its bar), prices from the task, the cluster and the price list.",
  input: inputSchema,
  positional: ["task"],
  examples: [
    {
      line: "sampan plan task examples/industry-code/task.yaml --cluster examples/plans/h100-x64.yaml --out plan.json",
      does: "cost per 1,000 correct transactions on H100",
    },
  ],
  async run(input, context) {
    const { cwd } = context;
    const catalogue = openCatalogue();
    const file = await readTaskFile(resolve(cwd, input.task));
    const model = openModel(input.model ?? file.task.base, catalogue.models, cwd);
    const cluster = await readCluster(input.cluster, cwd);
    const given = onlyGroup(cluster, "plan task");
    const group = resolveGroup(given, catalogue);
    const { entry } = group;
    const question = { group: given, entry, cluster, list: openPrices(), place: input.place };
    const prices = fleetPrices({ ...question, load: "decode" }, softwareYear);
    const values = priceValues(prices);
    const basis = chooseBasis(input.basis, values, false);
    const hour = explainHour(prices, basis, false);
    const shape = await shapeOf(input, file, context);
    const served = bestServing({ input, model, group, shape, values, usdPerHour: hour.value });
    const speed = {
      chips: served.chips,
      prefill: shape.input.value / served.reading,
      decode: shape.output.value / served.writing,
    };
    const { cost, term } = explainTransaction({
      shape,
      speed: { prefill: rate("reading", speed.prefill), decode: rate("writing", speed.decode) },
      consequences: consequencesOf(file),
      hour,
    });
    const evenness = breakEven(values);
    const serving = servingOf(served, group, shape);
    // Plain data; `undefined` members have no JSON form.
    const value = JSON.parse(
      JSON.stringify({
        task: file.task.name,
        cluster: cluster.name,
        basis,
        cost,
        breakEven: evenness,
        serving,
        term,
      }),
    ) as Record<string, Json>;
    if (input.out !== undefined) {
      writeAtomically(resolve(cwd, input.out), [`${JSON.stringify(value, undefined, 1)}\n`]);
    }
    const text = describeTask({
      file,
      model,
      group,
      basis,
      shape,
      speed,
      served,
      launch: serving.launch,
      cost,
      hour,
      evenness,
    });
    return { value, text };
  },
});

/** How to start what was found, for programs. */
function servingOf(served: FoundServing, group: ResolvedGroup, shape: ServingAsked["shape"]) {
  // Room for requests of several times the mean.
  const longest = 4 * (shape.input.value + shape.output.value) + 64;
  const launch = launchServing(served, { available: group.count, longest });
  const { setup, concurrency, steady } = served;
  return { tensor: setup.tensor, weights: setup.weights, concurrency, steady, launch };
}

interface ServingAsked {
  readonly input: Input;
  readonly model: Architecture;
  readonly group: ResolvedGroup;
  readonly shape: { readonly input: Constant; readonly output: Constant };
  readonly values: ReturnType<typeof priceValues>;
  readonly usdPerHour: number;
}

/** The cheapest way to answer within the latency. Errors: `usage-invalid` when there is none. */
function bestServing({
  input,
  model,
  group,
  shape,
  values,
  usdPerHour,
}: ServingAsked): FoundServing {
  const { chip, fabric, count } = group;
  const sparse = model.groups.some(({ feedForward }) => feedForward.kind === "experts");
  const { best, counts } = searchServing({
    model,
    chip,
    fabric,
    available: count,
    sizes: { input: shape.input.value, output: shape.output.value, reused: 0, spread: 0.5 },
    table: openServingEfficiency().table,
    circumstances: {
      chip: chip.id,
      family: chip.family,
      software: "vllm",
      year: softwareYear,
      sparse,
    },
    weights: [input.weights],
    cache: ["bf16"],
    prices: values,
    usdPerHour,
    objective: "cost",
    timeToFirst: input.timeToFirst,
    timePerToken: input.timePerToken,
    keep: 1,
  });
  const [found] = best;
  if (found !== undefined) return found;
  throw new SampanError(
    "usage-invalid",
    `${model.name} does not answer on ${count} x ${chip.name} within ${input.timeToFirst} s and ${input.timePerToken} s per token: ${counts.memory} setups lack memory, ${counts.slow} are too slow`,
    {
      hint: "Allow more time (--time-to-first, --time-per-token), narrower --weights, or more accelerators.",
    },
  );
}

async function shapeOf(input: Input, file: TaskFile, context: OperationContext) {
  const { inputTokens, outputTokens } = input;
  const tokens =
    inputTokens !== undefined && outputTokens !== undefined
      ? undefined
      : await taskTokens(file, context);
  const flag = (name: string, value: number | undefined, unit: string): Constant | undefined =>
    value === undefined
      ? undefined
      : { ...statedConstant(name, value, unit), source: "given on the command line" };
  const measured = measuredTask(context.home, file.task.name);
  const { acceptance } = file.task;
  const bar = (name: string, value: number): Constant => ({
    ...statedConstant(name, value, "share"),
    provenance: "prior",
    source: `the task's own bar, for want of a build: sampan build ${input.task}`,
  });
  const rule = (name: string, value: number): Constant => ({
    ...statedConstant(name, value, "share"),
    provenance: "prior",
    source: "a flag of plan task; its default is an assumption",
  });
  return {
    input: flag("tokens read", inputTokens, "tokens") ?? tokens?.input ?? rule("tokens read", 0),
    output:
      flag("tokens written", outputTokens, "tokens") ?? tokens?.output ?? rule("tokens written", 0),
    guardrails: rule("share of the machine's time for guardrails", input.guardrails),
    retries: rule("share of attempts made again", input.retries),
    straightThrough:
      flag("share that goes straight through", input.straightThrough, "share") ??
      measured?.straightThrough ??
      bar("share that goes straight through", acceptance.straightThrough),
    accuracy:
      flag("accuracy of straight-through answers", input.accuracy, "share") ??
      measured?.accuracy ??
      bar("accuracy of straight-through answers", acceptance.accuracy),
  };
}

function consequencesOf({ task: { prices } }: TaskFile) {
  const stated = (name: string, value: number): Constant => ({
    ...statedConstant(name, value, prices.currency),
    source: "prices of the task file",
  });
  return {
    escalation: stated("a transaction that a person does", prices.escalation),
    error: stated("an error that slips through", prices.error),
  };
}

function rate(what: string, value: number): Constant {
  return {
    name: `${what}, tokens per second of one accelerator`,
    value,
    unit: "1/s",
    provenance: "interpolated",
    source:
      "laws of a serving pass with coefficients fitted to published runs (catalogue/serving-efficiency.json)",
    date: "2026",
  };
}
