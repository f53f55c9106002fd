/**
 * How many seconds of service one second of simulation covers. `node bench/plan-simulation.ts`
 * Goal: 1,000 times real time (BLIS: about 200).
 */
import { openCatalogue, openServingEfficiency } from "../src/operations/plan/open-catalogue.ts";
import { readConfig, requireEntry, resolveGroup } from "../src/planner/index.ts";
import { planServing, simulateTraffic, type ServingJob } from "../src/planner/serving/index.ts";
import { clusterSchema, trafficSchema } from "../src/schema/index.ts";

const catalogue = openCatalogue();
const efficiency = openServingEfficiency();
const cluster = clusterSchema.parse({
  name: "bench",
  groups: [{ accelerator: "h100-sxm-80gb", count: 64 }],
});
const [first] = cluster.groups;
if (first === undefined) throw new Error("no group");
const group = resolveGroup(first, catalogue);

function jobOf(model: string, tensor: number, rate: string, output: number): ServingJob {
  const known = requireEntry(catalogue.models, model, "model");
  const architecture = readConfig(known.config, known.name);
  return {
    setup: {
      model: architecture,
      chip: group.chip,
      fabric: group.fabric,
      weights: "fp8",
      cache: "bf16",
      tensor,
      pipeline: 1,
      attentionData: 1,
      expertParallel: false,
      passTokens: 8_192,
      maxSequences: 1_024,
      memoryShare: 0.9,
    },
    available: 64,
    traffic: trafficSchema.parse({
      rate,
      input: { mean: 1_000, spread: 0.8 },
      output: { mean: output, spread: 0.8 },
    }),
    bounds: [],
    circumstances: {
      chip: group.chip.id,
      family: group.chip.family,
      software: "vllm",
      year: 2026,
      sparse: architecture.groups.some(({ feedForward }) => feedForward.kind === "experts"),
    },
    efficiency,
    prefillReplicas: 0,
    requests: 20_000,
    seed: 1,
  };
}

const jobs: readonly (readonly [string, ServingJob])[] = [
  ["Llama-3.1-8B, 1 x H100, 8 requests/s", jobOf("llama-3.1-8b", 1, "8 /s", 300)],
  ["Llama-3.1-70B, 4 x H100, 2 requests/s", jobOf("llama-3.1-70b", 4, "2 /s", 400)],
  ["Qwen3-30B-A3B, 1 x H100, 6 requests/s", jobOf("qwen3-30b-a3b", 1, "6 /s", 500)],
];
for (const [label, job] of jobs) {
  simulateTraffic(job, 2_000);
  const start = performance.now();
  const { seconds, passes, meanBatch } = simulateTraffic(job, 20_000);
  const took = (performance.now() - start) / 1e3;
  console.log(
    `${label}: ${seconds.toFixed(0)} s of service (20,000 requests, ${passes} passes, batch ${meanBatch.toFixed(0)}) in ${took.toFixed(3)} s: ${Math.round(seconds / took).toLocaleString("en")} times real time`,
  );
}
const start = performance.now();
const repeats = 20;
for (let round = 0; round < repeats; round++) {
  for (const [, job] of jobs) planServing({ ...job, requests: 50 });
}
const each = (performance.now() - start) / repeats / jobs.length;
console.log(`a plan with 50 simulated requests: ${each.toFixed(2)} ms`);
