import { z } from "zod";
import type { Json } from "../../kernel/index.ts";
import { jointOf, planFleet, resolveGroup, type FleetGroup } from "../../planner/index.ts";
import { trainingPlanSchema, trainingPrecisions, type Cluster } from "../../schema/index.ts";
import { defineOperation } from "../operation.ts";
import { describeFleet } from "./describe-fleet.ts";
import { openCatalogue, openEfficiency } from "./open-catalogue.ts";
import { openModel } from "./open-model.ts";
import { readCluster } from "./read-cluster.ts";
import { softwareYear, trainShape } from "./train-input.ts";

const { model, cluster, tokens, sequence, batch, precision } = trainShape;

export const planMixed = defineOperation({
  name: "plan fleet",
  summary: "whether different accelerators should work on one training job together",
  about:
    "Shares a training job between the groups of a cluster (batches or pipeline stages in proportion to their speed, over the link between them) and sets it against each group alone and against the same rent spent on one kind. Says when mixing loses, and what binds.",
  input: z.strictObject({
    model,
    cluster: cluster.describe("cluster.yaml with two to four groups, and the link between them"),
    tokens,
    sequence,
    batch,
    precision,
  }),
  positional: [],
  examples: [
    {
      line: "sampan plan fleet --model llama-3.1-8b --cluster examples/plans/mixed.yaml --batch 512",
      does: "H100 and Ascend 910B in one job, against either alone",
    },
  ],
  async run(input, { cwd }) {
    const catalogue = openCatalogue();
    const architecture = openModel(input.model, catalogue.models, cwd);
    const file = await readCluster(input.cluster, cwd);
    const resolved = file.groups.map((group) => resolveGroup(group, catalogue));
    const groups = resolved.map((group, index) => fleetGroup(group, file, index));
    const between = jointOf(file.between, resolved, catalogue.links);
    const answer = planFleet({
      model: architecture,
      asked: trainingPlanSchema.parse({
        globalBatch: input.batch,
        sequence: input.sequence,
        precision: trainingPrecisions.find((known) => known === input.precision),
      }),
      balanced: true,
      overlapsData: true,
      groups,
      between,
      table: openEfficiency().table,
    });
    // Plain data; `undefined` members have no JSON form.
    const value = JSON.parse(JSON.stringify({ between, ...answer })) as Record<string, Json>;
    return { value, text: describeFleet(architecture.name, input.tokens, between, answer) };
  },
});

function fleetGroup(
  group: ReturnType<typeof resolveGroup>,
  file: Cluster,
  index: number,
): FleetGroup {
  const { chip, fabric, count } = group;
  const twin = file.groups.some(
    (other, at) => at !== index && (other.name ?? other.accelerator) === group.name,
  );
  return {
    name: twin ? `${group.name} (${index + 1})` : group.name,
    chip,
    fabric,
    count,
    circumstances: {
      chip: chip.id,
      family: chip.family,
      launched: chip.launched,
      year: softwareYear,
    },
    rent: file.groups[index]?.rent ?? group.entry.prices.rent.value,
  };
}
