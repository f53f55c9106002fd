import { resolve } from "node:path";
import { z } from "zod";
import { readTaskFile, type TaskFile } from "../../data/index.ts";
import { writeAtomically } from "../../disk/index.ts";
import type { Json } from "../../kernel/index.ts";
import { resolveGroup } from "../../planner/index.ts";
import {
  answerSpeed,
  breakEven,
  explainHour,
  explainTransaction,
  fleetPrices,
  priceValues,
  statedConstant,
} from "../../planner/money/index.ts";
import type { Constant } from "../../schema/index.ts";
import { defineOperation, type OperationContext } from "../operation.ts";
import { describeTask } from "./describe-task.ts";
import { openCatalogue, openPrices } from "./open-catalogue.ts";
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
  bits: z.number().min(1).max(32).default(8).describe("bits per weight"),
  concurrency: z.int().min(1).max(100_000).default(32).describe("requests at once per replica"),
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
    const speed = answerSpeed({
      model,
      chip: group.chip,
      bytesPerWeight: input.bits / 8,
      input: shape.input.value,
      output: shape.output.value,
      concurrency: input.concurrency,
      product: 0.6,
      memory: 0.7,
    });
    const { cost, term } = explainTransaction({
      shape,
      speed: { prefill: rate("reading", speed.prefill), decode: rate("writing", speed.decode) },
      consequences: consequencesOf(file),
      hour,
    });
    const evenness = breakEven(values);
    // Plain data; `undefined` members have no JSON form.
    const value = JSON.parse(
      JSON.stringify({
        task: file.task.name,
        cluster: cluster.name,
        basis,
        cost,
        breakEven: evenness,
        term,
      }),
    ) as Record<string, Json>;
    if (input.out !== undefined) {
      writeAtomically(resolve(cwd, input.out), [`${JSON.stringify(value, undefined, 1)}\n`]);
    }
    const text = describeTask({ file, model, group, basis, shape, speed, cost, hour, evenness });
    return { value, text };
  },
});

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
    provenance: "datasheet",
    source: "roofline: peak and bandwidth of the datasheet at usual shares (60 % and 70 %)",
    date: "now",
  };
}
