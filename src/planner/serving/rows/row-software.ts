import type { PublishedRun } from "../../../schema/index.ts";
import type { Chip } from "../../chip.ts";

/** A serving engine as far as it moves times and limits. */
export interface ServingSoftware {
  readonly family: string | undefined;
  /** Year with its fraction. */
  readonly year: number;
  readonly passTokens: number;
  readonly maxSequences: number;
  readonly memoryShare: number;
}

const families: readonly (readonly [RegExp, string])[] = [
  [/vllm-ascend/i, "vllm-ascend"],
  [/vllm xpu/i, "vllm-xpu"],
  [/vllm/i, "vllm"],
  [/sglang/i, "sglang"],
  [/trt|tensorrt/i, "tensorrt-llm"],
  [/mindie/i, "mindie"],
  [/fastertransformer/i, "fastertransformer"],
  [/mlc/i, "mlc"],
  [/exllama/i, "exllama"],
  [/llama\.?cpp|ollama/i, "llama.cpp"],
];

/** The engine's family by its name. */
export function softwareFamily(text: string): string | undefined {
  return families.find(([name]) => name.test(text))?.[1];
}

/** Chips on which vLLM and SGLang start with larger passes: 70 GB and more, and not an A100 (vllm/engine/arg_utils.py). */
function isLarge({ memory, family }: Chip): boolean {
  return memory > 70e9 && family !== "ampere";
}

/**
 * Limits that an engine starts with where the row's command does not set them. Sources: vllm/engine/arg_utils.py
 * (V1, API server), sglang server_args.py, trtllm-serve --help, MindIE's config.json; priors where they differ by version.
 */
export function servingSoftware(
  row: Pick<PublishedRun, "framework" | "notes" | "source">,
  chip: Chip,
): ServingSoftware {
  const family = softwareFamily(row.framework ?? "");
  const defaults = limitsOf(family, isLarge(chip));
  const command = row.notes ?? "";
  const flag = (...names: readonly string[]): number | undefined => {
    for (const name of names) {
      const value = Number(new RegExp(`--${name}[ =]([0-9.]+)`).exec(command)?.[1]);
      if (Number.isFinite(value)) return value;
    }
    return undefined;
  };
  return {
    family,
    year: softwareYear(row),
    passTokens:
      flag("max-num-batched-tokens", "chunked-prefill-size", "max_num_tokens") ??
      defaults.passTokens,
    maxSequences:
      flag("max-num-seqs", "max-running-requests", "max_batch_size") ?? defaults.maxSequences,
    memoryShare:
      flag("gpu-memory-utilization", "mem-fraction-static", "kv_cache_free_gpu_memory_fraction") ??
      (family === "mindie" ? 0.97 : 0.9),
  };
}

function limitsOf(
  family: string | undefined,
  large: boolean,
): { readonly passTokens: number; readonly maxSequences: number } {
  switch (family) {
    case "sglang":
      return { passTokens: large ? 8_192 : 4_096, maxSequences: 2_048 };
    case "tensorrt-llm":
      return { passTokens: 8_192, maxSequences: 2_048 };
    case "mindie":
      return { passTokens: 8_192, maxSequences: 200 };
    case "vllm-ascend":
      return { passTokens: 8_192, maxSequences: 256 };
    default:
      return { passTokens: large ? 8_192 : 2_048, maxSequences: large ? 1_024 : 256 };
  }
}

/** Years of versions and of sources that carry no date of their own: when the versions were released. */
const years: readonly (readonly [RegExp, number])[] = [
  [/vllm 0\.1[5-9]|sglang 0\.5\.9|trtllm 1\.[23]/i, 2026.2],
  [/vllm 0\.12|sglang 0\.5\.[67]/i, 2025.9],
  [/sglang 0\.5\.1|trtllm 1\.[01]/i, 2025.65],
  [/FasterTransformer GPT guide/i, 2022.8],
  [/GLM-130B/i, 2022.8],
  [/MLC/i, 2023.9],
  [/sglang cookbook/i, 2026],
  [/GPUStack/i, 2025.85],
  [/vllm-ascend/i, 2025.9],
];

/** When a run's software is from: the day it was measured, else the release of its version, else its source's. */
function softwareYear({
  framework,
  notes,
  source,
}: Pick<PublishedRun, "framework" | "notes" | "source">): number {
  const [, year, month] = /measured (20\d\d)-(\d\d)/.exec(notes ?? "") ?? [];
  if (year !== undefined) return Number(year) + (Number(month) - 0.5) / 12;
  const text = `${framework ?? ""} ${source.title ?? ""}`;
  return years.find(([name]) => name.test(text))?.[1] ?? 2025;
}
