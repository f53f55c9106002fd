import { z } from "zod";
import { SampanError, type Json } from "../../kernel/index.ts";
import {
  adaptationCost,
  adaptationTax,
  choosePlan,
  planTraining,
  resolveGroup,
  sharesOfStep,
  type ResolvedGroup,
} from "../../planner/index.ts";
import { trainingPlanSchema } from "../../schema/index.ts";
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
    const efficiency = openEfficiency();
    const adaptation = openAdaptation();
    const architecture = openModel(name, catalogue.models, cwd);
    const plan = trainingPlanSchema.parse({
      globalBatch: asked.batch,
      sequence: asked.sequence,
      precision: asked.precision,
    });
    const price = month ?? openPrices().staff.engineerMonth.value;
    const { effortHalving, freeHalving, remainder } = adaptation.curve;
    const file = await readCluster(path, cwd);
    const found = file.groups.map((asGiven) => {
      const group = resolveGroup(asGiven, catalogue);
      // The shares of a step's time are those of the reference's software on this silicon.
      const reference = { ...circumstancesOf(group), chip: "", family: "hopper" };
      const setup = {
        model: architecture,
        chip: group.chip,
        fabric: group.fabric,
        plan,
        balanced: true,
        overlapsData: true,
      };
      const best = choosePlan(setup, group.count, reference, efficiency.table);
      if (best === undefined) throw doesNotFit(architecture.name, group);
      const answer = planTraining({
        setup: { ...setup, plan: best.plan },
        available: group.count,
        tokens: 1e12,
        circumstances: reference,
        efficiency,
      });
      const shares = sharesOfStep(answer.step);
      const tax = adaptationTax(shares, circumstancesOf(group), adaptation, efficiency.table);
      const rent = asGiven.rent ?? group.entry.prices.rent.value;
      const cost = adaptationCost({
        gap: 1 - tax.ratio,
        money: rent * group.count * hoursPerYear * years,
        years,
        month: price,
        curve: {
          effortHalving: effortHalving.value,
          freeHalving: freeHalving.value,
          remainder: remainder.value,
        },
      });
      return { group: group.name, tax, cost };
    });
    const value = JSON.parse(JSON.stringify({ years, month: price, groups: found })) as Record<
      string,
      Json
    >;
    const text = found
      .map(({ group, tax, cost }) => describeAdaptation(group, years, price, tax, cost))
      .join("\n\n");
    return { value, text };
  },
});

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
