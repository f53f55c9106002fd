import { z } from "zod";
import { SampanError } from "../../kernel/index.ts";
import {
  choosePlan,
  resolveGroup,
  type Efficiency,
  type ResolvedGroup,
  type RowCatalogue,
  type TrainingJob,
  type TrainingSetup,
} from "../../planner/index.ts";
import {
  trainingPlanSchema,
  trainingPrecisions,
  type Architecture,
  type Cluster,
  type TrainingPlan,
} from "../../schema/index.ts";
import { openModel } from "./open-model.ts";
import { readCluster, readPlanFile } from "./read-cluster.ts";

/** The flags of a training job. */
export const trainShape = {
  model: z.string().describe("name of the catalogue, a config.json, or a folder that holds one"),
  cluster: z.string().describe("cluster.yaml: which accelerators, how many, how joined"),
  tokens: z.number().positive().default(1e12).describe("tokens to train on"),
  plan: z
    .string()
    .optional()
    .describe("YAML of degrees and batch; the quickest fitting of a coarse grid when left out"),
  sequence: z.int().min(1).default(4_096).describe("tokens per sequence, without --plan"),
  batch: z.int().min(1).default(1_024).describe("sequences per step, without --plan"),
  precision: z.enum(trainingPrecisions).default("bf16").describe("recipe, without --plan"),
};

export interface TrainInput {
  readonly model: string;
  readonly cluster: string;
  readonly tokens: number;
  readonly plan?: string | undefined;
  readonly sequence: number;
  readonly batch: number;
  readonly precision: TrainingPlan["precision"];
}

/** A job ready to be planned, with what was chosen for the user. */
export interface OpenedJob {
  readonly job: TrainingJob;
  readonly model: Architecture;
  readonly cluster: Cluster;
  readonly group: ResolvedGroup;
  readonly chosen: string;
}

/** Year of the software that a plan of today would run. */
export const softwareYear = 2026;

/** Reads the files that the flags name and settles the plan. */
export async function openTrainingJob(
  input: TrainInput,
  catalogue: RowCatalogue,
  efficiency: Efficiency,
  cwd: string,
): Promise<OpenedJob> {
  const model = openModel(input.model, catalogue.models, cwd);
  const cluster = await readCluster(input.cluster, cwd);
  const [first, ...others] = cluster.groups;
  if (first === undefined || others.length > 0) {
    throw new SampanError(
      "usage-invalid",
      `${cluster.name} has ${cluster.groups.length} groups; plan train takes one`,
      {
        hint: "Keep one group in the file.",
      },
    );
  }
  const group = resolveGroup(first, catalogue);
  const circumstances = {
    chip: group.chip.id,
    family: group.chip.family,
    launched: group.chip.launched,
    year: softwareYear,
  };
  const asked = await readAsked(input, cwd);
  const setup: TrainingSetup = {
    model,
    chip: group.chip,
    fabric: group.fabric,
    plan: asked,
    balanced: true,
    overlapsData: true,
  };
  const base = { available: group.count, tokens: input.tokens, circumstances, efficiency };
  if (input.plan !== undefined) {
    return { job: { ...base, setup }, model, cluster, group, chosen: `as given in ${input.plan}` };
  }
  const best = choosePlan(setup, group.count, circumstances, efficiency.table);
  if (best === undefined) {
    throw new SampanError(
      "usage-invalid",
      `no plan of the grid fits ${model.name} on ${group.count} x ${group.chip.name}`,
      {
        hint: "Use more accelerators, a shorter sequence, or a batch that more degrees divide (a power of two).",
      },
    );
  }
  return {
    job: { ...base, setup: { ...setup, plan: best.plan } },
    model,
    cluster,
    group,
    chosen: `quickest of ${best.fitting} that fit, ${best.seen} tried`,
  };
}

async function readAsked(input: TrainInput, cwd: string): Promise<TrainingPlan> {
  if (input.plan !== undefined) {
    return readPlanFile(input.plan, trainingPlanSchema, "training plan", cwd);
  }
  return trainingPlanSchema.parse({
    globalBatch: input.batch,
    sequence: input.sequence,
    precision: input.precision,
  });
}
