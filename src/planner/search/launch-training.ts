import type { Architecture, TrainingPlan } from "../../schema/index.ts";

/** Where a plan is started. */
export interface LaunchPlace {
  readonly perNode: number;
  readonly steps: number;
  /** Steps between checkpoints. */
  readonly saveInterval: number;
}

type Flags = readonly string[];

/**
 * A shell script that starts a plan with torchrun and Megatron-LM's pretrain_gpt.py (flags of Megatron-Core 0.15).
 * What the plan does not know (data, tokenizer, learning rate, paths) is left to variables that the script names.
 */
export function launchTraining(
  model: Architecture,
  plan: TrainingPlan,
  place: LaunchPlace,
): string {
  const used = plan.tensor * plan.pipeline * plan.context * plan.data;
  const perNode = Math.min(place.perNode, used);
  const lines = [
    "#!/bin/sh",
    `# ${model.name} on ${used} accelerators. Set NODE_RANK, MASTER_ADDR, DATA_ARGS (data, tokenizer, learning rate) and`,
    "# CHECKPOINTS; run on every node.",
    `torchrun --nnodes ${Math.ceil(used / perNode)} --nproc-per-node ${perNode} --node-rank "$NODE_RANK" \\`,
    '  --master-addr "$MASTER_ADDR" --master-port 6000 pretrain_gpt.py \\',
    ...[
      modelFlags(model, plan),
      feedForwardFlags(model),
      degreeFlags(plan),
      batchFlags(plan, place),
      recipeFlags(plan),
    ].map((flags) => `  ${flags.join(" ")} \\`),
    `  --save "$CHECKPOINTS" --load "$CHECKPOINTS" --save-interval ${place.saveInterval} --async-save \\`,
    "  $DATA_ARGS",
  ];
  return `${lines.join("\n")}\n`;
}

function modelFlags(model: Architecture, { sequence }: TrainingPlan): Flags {
  const layers = model.groups.reduce((sum, { count }) => sum + count, 0);
  const attention = model.groups
    .map((group) => group.attention)
    .find(({ kind }) => kind !== "none");
  return [
    `--num-layers ${layers}`,
    `--hidden-size ${model.width}`,
    `--seq-length ${sequence}`,
    `--max-position-embeddings ${Math.max(sequence, model.contextLength ?? sequence)}`,
    ...attentionFlags(attention),
    ...(model.norm === "rms" ? ["--normalization RMSNorm --disable-bias-linear"] : []),
    ...(model.positions === 0 ? ["--position-embedding-type rope"] : []),
    ...(model.tied ? [] : ["--untie-embeddings-and-output-weights"]),
  ];
}

function attentionFlags(attention: Architecture["groups"][number]["attention"] | undefined): Flags {
  if (attention?.kind === "grouped") {
    const { heads, kvHeads, headWidth } = attention;
    const grouped =
      kvHeads === heads ? [] : [`--group-query-attention --num-query-groups ${kvHeads}`];
    return [`--num-attention-heads ${heads}`, `--kv-channels ${headWidth}`, ...grouped];
  }
  if (attention?.kind !== "latent") return [];
  const { heads, queryRank, kvRank, nopeWidth, ropeWidth, valueWidth } = attention;
  return [
    `--num-attention-heads ${heads}`,
    "--multi-latent-attention",
    ...(queryRank === undefined ? [] : [`--q-lora-rank ${queryRank}`]),
    `--kv-lora-rank ${kvRank} --qk-head-dim ${nopeWidth}`,
    `--qk-pos-emb-head-dim ${ropeWidth} --v-head-dim ${valueWidth}`,
  ];
}

function feedForwardFlags({ groups }: Architecture): Flags {
  const all = groups.map(({ feedForward }) => feedForward);
  const dense = all.find((one) => one.kind === "dense");
  const sparse = all.find((one) => one.kind === "experts");
  const gated = dense?.gated ?? sparse?.gated ?? false;
  const frequency = groups.map(
    ({ count, feedForward }) => `[${feedForward.kind === "experts" ? 1 : 0}]*${count}`,
  );
  return [
    `--ffn-hidden-size ${dense?.width ?? sparse?.width ?? 0}`,
    ...(gated ? ["--swiglu"] : []),
    ...(sparse === undefined
      ? []
      : [
          `--num-experts ${sparse.experts} --moe-router-topk ${sparse.topK}`,
          `--moe-ffn-hidden-size ${sparse.width} --moe-layer-freq "(${frequency.join("+")})"`,
          ...(sparse.sharedWidth > 0
            ? [`--moe-shared-expert-intermediate-size ${sparse.sharedWidth}`]
            : []),
          "--moe-grouped-gemm --moe-token-dispatcher-type alltoall",
        ]),
  ];
}

function degreeFlags(plan: TrainingPlan): Flags {
  return [
    `--tensor-model-parallel-size ${plan.tensor}`,
    ...(plan.tensor > 1 && plan.sequenceParallel ? ["--sequence-parallel"] : []),
    `--pipeline-model-parallel-size ${plan.pipeline}`,
    ...(plan.interleave > 1 ? [`--num-virtual-stages-per-pipeline-rank ${plan.interleave}`] : []),
    `--context-parallel-size ${plan.context}`,
    `--expert-model-parallel-size ${plan.expert} --expert-tensor-parallel-size ${plan.expertTensor}`,
    ...shardingFlags(plan.zero),
  ];
}

/** ZeRO stages; 2 and 3 are Megatron's own FSDP. */
function shardingFlags(zero: number): Flags {
  switch (zero) {
    case 0:
      return ["--overlap-grad-reduce"];
    case 1:
      return ["--use-distributed-optimizer --overlap-grad-reduce --overlap-param-gather"];
    default: {
      const strategy = zero === 2 ? "optim_grads" : "optim_grads_params";
      return [
        `--use-distributed-optimizer --use-megatron-fsdp --data-parallel-sharding-strategy ${strategy}`,
      ];
    }
  }
}

function batchFlags(plan: TrainingPlan, { steps }: LaunchPlace): Flags {
  return [
    `--micro-batch-size ${plan.microBatch}`,
    `--global-batch-size ${plan.globalBatch}`,
    `--train-iters ${steps}`,
  ];
}

function recipeFlags({ precision, recompute, flashAttention }: TrainingPlan): Flags {
  const recipes: Readonly<Record<TrainingPlan["precision"], string>> = {
    fp32: "",
    tf32: "",
    fp16: "--fp16",
    bf16: "--bf16",
    fp8: "--bf16 --fp8-format hybrid --fp8-recipe delayed",
    "fp8-current": "--bf16 --fp8-format hybrid --fp8-recipe tensorwise",
    mxfp8: "--bf16 --fp8-format e4m3 --fp8-recipe mxfp8",
    nvfp4: "--bf16 --fp4-format e2m1 --fp4-recipe nvfp4",
  };
  const recomputed = {
    none: "",
    selective: "--recompute-granularity selective",
    full: "--recompute-granularity full --recompute-method uniform --recompute-num-layers 1",
  }[recompute];
  const flags = [recipes[precision], recomputed, flashAttention ? "--attention-backend flash" : ""];
  return flags.filter((flag) => flag !== "");
}
