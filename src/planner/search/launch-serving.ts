import type { FoundServing } from "./search-serving.ts";

/** Weight formats by vLLM's flag; those of other engines' files have none. */
const quantizations: Readonly<Record<string, string>> = {
  fp8: " --quantization fp8",
  int8: " --quantization compressed-tensors",
  int4: " --quantization awq_marlin",
  nvfp4: " --quantization modelopt_fp4",
};

/** The vLLM command of a setup (flags of vLLM 0.11); replicas are started beside one another. */
export function launchServing(
  { setup, concurrency, chips }: FoundServing,
  { available, longest }: { readonly available: number; readonly longest: number },
): string {
  const replicas = Math.max(1, Math.floor(available / chips));
  const lines = [
    `# ${replicas} replicas of ${chips}; MODEL is a checkpoint in ${setup.weights}`,
    'vllm serve "$MODEL" \\',
    `  --tensor-parallel-size ${setup.tensor} --data-parallel-size ${replicas}${setup.expertParallel ? " --enable-expert-parallel" : ""} \\`,
    `  --max-num-seqs ${concurrency} --max-num-batched-tokens ${setup.passTokens} --max-model-len ${Math.ceil(longest)} \\`,
    `  --gpu-memory-utilization ${setup.memoryShare}${setup.cache === "fp8" ? " --kv-cache-dtype fp8" : ""}${quantizations[setup.weights] ?? ""}`,
  ];
  return `${lines.join("\n")}\n`;
}
