import { z } from "zod";
import { SampanError, type Json } from "../../kernel/index.ts";
import {
  adaptationCost,
  adaptationTax,
  choosePlan,
  planTraining,
  resolveGroup,
  sharesOfStep,
  type Efficiency,
  type ResolvedGroup,
} from "../../planner/index.ts";
import {
  trainingPlanSchema,
  type Adaptation,
  type Architecture,
  type TrainingPlan,
} from "../../schema/index.ts";
import { defineOperation } from "../operation.ts";
import { describeAdaptation } from "./describe-adaptation.ts";
import { openAdaptation, openCatalogue, openEfficiency, openPrices } from "./open-catalogue.ts";
import { openModel } from "./open-model.ts";
import { readCluster } from "./read-cluster.ts";
import { softwareYear, trainShape } from "./train-input.ts";

const hoursPerYear = 8_766;
const { model, cluster, sequence, batch, precision } = trainShape;

export const planAdapt = defineOperation({
  name: "plan adapt",
  summary: "what the younger software of a platform costs, and what it is worth to close the gap",
  about:
    "For each group of a cluster: how much of its datasheet the platform's software reaches beside the reference platform, by class of work; what that takes of the fleet's cost; and how many engineer-months would cost least, by a learning curve.",
  input: z.strictObject({
    model,
    cluster,
    years: z.number().positive().max(20).default(4).describe("years that the fleet is kept"),
    month: z.number().positive().optional().describe("USD of an engineer-month; catalogue's price"),
    sequence,
    batch,
    precision,
  }),
  positional: [],
  examples: [
    {
      line: "sampan plan adapt --model llama-3.1-70b --cluster examples/plans/ascend-910b-x64.yaml",
      does: "the adaptation tax of 64 Ascend 910B over four years",
    },
  ],
  async run({ model: name, cluster: path, years, month, ...asked }, { cwd }) {
    const catalogue = openCatalogue();
    const assumed = {
      architecture: openModel(name, catalogue.models, cwd),
      plan: trainingPlanSchema.parse({
        globalBatch: asked.batch,
        sequence: asked.sequence,
        precision: asked.precision,
      }),
      efficiency: openEfficiency(),
      adaptation: openAdaptation(),
      years,
      month: month ?? openPrices().staff.engineerMonth.value,
    };
    const file = await readCluster(path, cwd);
    const groups = file.groups.map((given) => {
      const group = resolveGroup(given, catalogue);
      return assessGroup(group, given.rent ?? group.entry.prices.rent.value, assumed);
    });
    // Plain data; `undefined` members have no JSON form.
    const value = JSON.parse(JSON.stringify({ years, month: assumed.month, groups })) as Record<
      string,
      Json
    >;
    const text = groups
      .map(({ group, tax, cost, range }) => describeAdaptation(group, assumed, tax, cost, range))
      .join("\n\n");
    return { value, text };
  },
});

interface Assumed {
  readonly architecture: Architecture;
  readonly plan: TrainingPlan;
  readonly efficiency: Efficiency;
  readonly adaptation: Adaptation;
  readonly years: number;
  readonly month: number;
}

/** The tax of one group, and its money at the ratio and at both ends of its range. */
function assessGroup(group: ResolvedGroup, rent: number, assumed: Assumed) {
  const { adaptation, efficiency, years, month } = assumed;
  const shares = sharesOfStep(stepOnReference(group, assumed));
  const tax = adaptationTax(shares, circumstancesOf(group), adaptation, efficiency.table);
  const { effortHalving, freeHalving, remainder } = adaptation.curve;
  const curve = {
    effortHalving: effortHalving.value,
    freeHalving: freeHalving.value,
    remainder: remainder.value,
  };
  const money = rent * group.count * hoursPerYear * years;
  const costAt = (ratio: number) => adaptationCost({ gap: 1 - ratio, money, years, month, curve });
  const range = [costAt(tax.high).total, costAt(tax.low).total] as const;
  return { group: group.name, tax, cost: costAt(tax.ratio), range };
}

/** A step on this silicon as the reference platform's software would run it. */
function stepOnReference(group: ResolvedGroup, { architecture, plan, efficiency }: Assumed) {
  const circumstances = { ...circumstancesOf(group), chip: "", family: "hopper" };
  const setup = {
    model: architecture,
    chip: group.chip,
    fabric: group.fabric,
    plan,
    balanced: true,
    overlapsData: true,
  };
  const best = choosePlan(setup, group.count, circumstances, efficiency.table);
  if (best === undefined) throw doesNotFit(architecture.name, group);
  const job = { setup: { ...setup, plan: best.plan }, available: group.count, tokens: 1e12 };
  return planTraining({ ...job, circumstances, efficiency }).step;
}

function circumstancesOf({ chip }: ResolvedGroup) {
  return { chip: chip.id, family: chip.family, launched: chip.launched, year: softwareYear };
}

function doesNotFit(model: string, group: ResolvedGroup): SampanError {
  return new SampanError(
    "usage-invalid",
    `no plan of the grid fits ${model} on ${group.count} x ${group.chip.name}`,
    { hint: "Use more accelerators, a shorter sequence, or a batch that is a power of two." },
  );
}
