/**
 * Full training evaluations per second on one core: whether a plan fits, its memory by kind, and its step by parts.
 * Beside Calculon on the same plans where a checkout of it is named: CALCULON=/path PYTHON=python3 node bench/plan-speed.ts
 * Both times are of the processor, so that other work on the machine counts little. Then the whole search.
 */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import {
  openCatalogue,
  openEfficiency,
  openPrices,
} from "../src/operations/plan/open-catalogue.ts";
import { openModel } from "../src/operations/plan/open-model.ts";
import { resolveCoefficients } from "../src/planner/efficiency/coefficients.ts";
import { resolveGroup } from "../src/planner/index.ts";
import { rankMemory } from "../src/planner/memory/rank-memory.ts";
import { fleetPrices, priceValues } from "../src/planner/money/index.ts";
import { searchPlans, type SearchQuestion } from "../src/planner/search/search-plans.ts";
import { usualSpace } from "../src/planner/search/space.ts";
import { checkPlan } from "../src/planner/training/check-plan.ts";
import { estimateWith } from "../src/planner/training/estimate-step.ts";
import type { TrainingSetup } from "../src/planner/training/setup.ts";
import { clusterSchema, trainingPlanSchema, type TrainingPlan } from "../src/schema/index.ts";

const accelerators = 3_072;
const [sequence, globalBatch, layers] = [2_048, 3_072, 96];
const model = openModel("gpt3-175b", openCatalogue().models, process.cwd());
const cluster = clusterSchema.parse({
  name: "H100",
  groups: [{ accelerator: "h100-sxm-80gb", count: accelerators, perNode: 8 }],
});
const [given] = cluster.groups;
if (given === undefined) throw new Error("no group");
const group = resolveGroup(given, openCatalogue());
const { chip, fabric } = group;
const circumstances = { chip: chip.id, family: chip.family, launched: chip.launched, year: 2026 };
const resolved = resolveCoefficients(openEfficiency().table, circumstances);
const asked = trainingPlanSchema.parse({ globalBatch, sequence });
const setup: TrainingSetup = {
  model,
  chip,
  fabric,
  plan: asked,
  balanced: true,
  overlapsData: true,
};

function* plans(): Generator<TrainingPlan> {
  for (const tensor of [1, 2, 4, 8]) {
    for (const pipeline of [4, 8, 16, 32, 48, 96]) {
      for (const microBatch of [1, 2, 4, 8]) {
        for (const interleave of [1, 2, 3]) {
          for (const recompute of ["none", "selective", "full"] as const) {
            const data = accelerators / (tensor * pipeline);
            if (!Number.isInteger(data) || globalBatch % (data * microBatch) !== 0) continue;
            if (layers % (pipeline * interleave) !== 0) continue;
            const schedule = interleave > 1 ? "interleaved" : "1f1b";
            yield { ...asked, tensor, pipeline, microBatch, interleave, recompute, data, schedule };
          }
        }
      }
    }
  }
}

/** Evaluates all plans `rounds` times; processor seconds and how many fit. */
function measure(all: readonly TrainingPlan[], rounds: number) {
  let [fitting, sum] = [0, 0];
  const began = process.cpuUsage();
  for (let round = 0; round < rounds; round++) {
    for (const plan of all) {
      const candidate = { ...setup, plan };
      if (checkPlan(candidate, accelerators).kind === "feasible") fitting++;
      sum += rankMemory(model, plan).total;
      sum += estimateWith(candidate, resolved.coefficients, resolved.work).total;
    }
  }
  const { user, system } = process.cpuUsage(began);
  return {
    evaluations: rounds * all.length,
    fitting: fitting / rounds,
    seconds: (user + system) / 1e6,
    sum,
  };
}

function calculonPlan(plan: TrainingPlan) {
  return {
    num_procs: accelerators,
    tensor_par: plan.tensor,
    pipeline_par: plan.pipeline,
    data_par: plan.data,
    tensor_par_net: 0,
    pipeline_par_net: 1,
    data_par_net: 1,
    batch_size: globalBatch,
    microbatch_size: plan.microBatch,
    datatype: "float16",
    fused_activation: true,
    attention_type: "multihead",
    activation_recompute: { none: "none", selective: "attn_only", full: "full" }[plan.recompute],
    pipeline_interleaving: plan.interleave,
    optimizer_sharding: true,
    tensor_par_comm_type: "rs_ag",
    tensor_par_overlap: "none",
    seq_par_ag_redo: false,
    data_par_overlap: false,
    weight_offload: false,
    activations_offload: false,
    optimizer_offload: false,
    training: true,
  };
}

const all = [...plans()];
measure(all, 20);
const own = measure(all, 200);
const rate = own.evaluations / own.seconds;
console.log(`${all.length} plans of GPT-3 175B on ${accelerators} H100; ${own.fitting} fit`);
console.log(
  `sampan      ${Math.round(rate)} evaluations/s (${own.evaluations} in ${own.seconds.toFixed(2)} s of processor)`,
);

if (process.env["CALCULON"] !== undefined) {
  const application = {
    name: "gpt3",
    hidden: 12_288,
    feedforward: 49_152,
    seq_size: sequence,
    attn_heads: 96,
    attn_size: 128,
    num_blocks: layers,
  };
  const input = JSON.stringify({
    application,
    system: "systems/h100_80g_nvl8.json",
    plans: all.map(calculonPlan),
  });
  const script = resolve(import.meta.dirname, "peers/calculon_speed.py");
  const run = spawnSync(process.env["PYTHON"] ?? "python3", [script], { input, encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  const peer = JSON.parse(run.stdout) as { plans: number; fitting: number; seconds: number };
  const theirs = peer.plans / peer.seconds;
  console.log(
    `calculon    ${Math.round(theirs)} evaluations/s (${peer.plans} in ${peer.seconds.toFixed(2)} s of processor; ${peer.fitting} fit)`,
  );
  console.log(`ratio       ${(rate / theirs).toFixed(0)}`);
}

const question: SearchQuestion = {
  setup,
  available: accelerators,
  ...resolved,
  pricing: {
    steps: 10_000,
    perNode: 8,
    parameters: 175e9,
    prices: priceValues(
      fleetPrices(
        {
          group: given,
          entry: group.entry,
          cluster,
          list: openPrices(),
          load: "training",
          place: "world",
        },
        2026,
      ),
    ),
    basis: "rent",
  },
  objective: "time",
  constraints: {},
  space: usualSpace(model, fabric, accelerators, asked),
  keep: 5,
};
const began = process.cpuUsage();
const { counts, best } = searchPlans(question);
const { user, system } = process.cpuUsage(began);
console.log(
  `search      ${counts.evaluated} evaluated, ${counts.pruned} branches cut, in ${((user + system) / 1e6).toFixed(2)} s; best step ${best[0]?.step.total.toFixed(2)} s`,
);
