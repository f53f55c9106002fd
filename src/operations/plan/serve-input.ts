import { z } from "zod";
import { SampanError } from "../../kernel/index.ts";
import { resolveGroup, type ResolvedGroup } from "../../planner/index.ts";
import {
  cacheFormatNames,
  chooseTensor,
  parseBounds,
  weightFormatNames,
  type CacheFormatName,
  type ServingJob,
  type ServingSetup,
  type WeightFormatName,
} from "../../planner/serving/index.ts";
import { trafficSchema, type Architecture, type Cluster } from "../../schema/index.ts";
import { openCatalogue, openServingEfficiency } from "./open-catalogue.ts";
import { openModel } from "./open-model.ts";
import { readCluster, readPlanFile } from "./read-cluster.ts";

/** The flags of a service. */
export const serveShape = {
  model: z.string().describe("name of the catalogue, a config.json, or a folder that holds one"),
  cluster: z.string().describe("cluster.yaml: which accelerators, how many, how joined"),
  traffic: z.string().describe("traffic.yaml: rate or concurrency, tokens in and out"),
  slo: z
    .string()
    .default("")
    .describe('bounds such as "ttft<1s,tpot<50ms,latency_p99<30s"; p95 where none is named'),
  tensor: z
    .int()
    .min(1)
    .max(1_024)
    .optional()
    .describe("ranks that cut the model; the fewest accelerators by the closed form when left out"),
  weights: z.enum(weightFormatNames).default("bf16").describe("format of the weights"),
  cache: z.enum(cacheFormatNames).default("bf16").describe("format of the KV cache"),
  software: z
    .enum(["vllm", "sglang", "tensorrt-llm", "vllm-ascend", "mindie", "llama.cpp"])
    .default("vllm")
    .describe("engine, for its fitted overheads"),
  passTokens: z
    .int()
    .min(16)
    .max(1_000_000)
    .default(8_192)
    .describe("tokens that one pass may hold (prefill chunk)"),
  maxSequences: z.int().min(1).max(100_000).default(1_024).describe("sequences at once"),
  drafted: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe("tokens that speculative decoding proposes per step"),
  acceptance: z.number().min(0).max(1).default(0.7).describe("share of proposed tokens accepted"),
  draftCost: z
    .number()
    .min(0)
    .max(1)
    .default(0.03)
    .describe("time of proposing one token, as a share of a pass"),
  prefillReplicas: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe(
      "replicas that only compute prompts, per replica that only decodes; 0 keeps both together",
    ),
  requests: z.int().min(50).max(1_000_000).default(2_000).describe("requests of each simulation"),
  seed: z.int().default(1).describe("seed of the simulation"),
};

export interface ServeInput {
  readonly model: string;
  readonly cluster: string;
  readonly traffic: string;
  readonly slo: string;
  readonly tensor?: number | undefined;
  readonly weights: WeightFormatName;
  readonly cache: CacheFormatName;
  readonly software: string;
  readonly passTokens: number;
  readonly maxSequences: number;
  readonly drafted: number;
  readonly acceptance: number;
  readonly draftCost: number;
  readonly prefillReplicas: number;
  readonly requests: number;
  readonly seed: number;
}

/** A service ready to be planned. */
export interface OpenedService {
  readonly job: ServingJob;
  readonly model: Architecture;
  readonly cluster: Cluster;
  readonly group: ResolvedGroup;
  readonly chosen: string;
}

/** Year of the software that a plan of today would run. */
const softwareYear = 2026;

/** Reads the files that the flags name and settles the layout. */
export async function openService(input: ServeInput, cwd: string): Promise<OpenedService> {
  const catalogue = openCatalogue();
  const model = openModel(input.model, catalogue.models, cwd);
  const cluster = await readCluster(input.cluster, cwd);
  const traffic = await readPlanFile(input.traffic, trafficSchema, "traffic", cwd);
  const [first, ...others] = cluster.groups;
  if (first === undefined || others.length > 0) {
    throw new SampanError(
      "usage-invalid",
      `${cluster.name} has ${cluster.groups.length} groups; plan serve takes one`,
      { hint: "Keep one group in the file, and plan each group by itself." },
    );
  }
  if (input.prefillReplicas > 0 && traffic.rate === undefined) {
    throw new SampanError("usage-invalid", "--prefill-replicas needs traffic with a rate", {
      hint: 'Write rate: "20 /s" in place of concurrency.',
    });
  }
  const group = resolveGroup(first, catalogue);
  const job = jobOf(input, model, group, traffic);
  if (input.tensor !== undefined) {
    const setup = { ...job.setup, tensor: input.tensor };
    return { job: { ...job, setup }, model, cluster, group, chosen: "as given" };
  }
  const setup = chooseTensor(job);
  const chosen = setup === undefined ? "no degree fits" : "fewest accelerators by the closed form";
  return { job: { ...job, setup: setup ?? job.setup }, model, cluster, group, chosen };
}

function jobOf(
  input: ServeInput,
  model: Architecture,
  group: ResolvedGroup,
  traffic: ServingJob["traffic"],
): ServingJob {
  const { weights, cache, passTokens, maxSequences, drafted, acceptance, draftCost } = input;
  const setup: ServingSetup = {
    model,
    chip: group.chip,
    fabric: group.fabric,
    weights,
    cache,
    tensor: 1,
    pipeline: 1,
    attentionData: 1,
    expertParallel: false,
    passTokens,
    maxSequences,
    memoryShare: 0.9,
  };
  const speculation = drafted === 0 ? undefined : { drafted, acceptance, cost: draftCost };
  return {
    setup,
    available: group.count,
    traffic,
    bounds: parseBounds(input.slo),
    circumstances: {
      chip: group.chip.id,
      family: group.chip.family,
      software: input.software,
      year: softwareYear,
      sparse: model.groups.some(({ feedForward }) => feedForward.kind === "experts"),
    },
    efficiency: openServingEfficiency(),
    ...(speculation === undefined ? {} : { speculation }),
    prefillReplicas: input.prefillReplicas,
    requests: input.requests,
    seed: input.seed,
  };
}
