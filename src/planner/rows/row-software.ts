import type { PublishedRun } from "../../schema/index.ts";

/** Software of a run: which family of kernels and schedulers, and of when. */
export interface RowSoftware {
  readonly family: string | undefined;
  readonly year: number | undefined;
}

/** Families of frameworks that share kernels, and the year of a row whose version does not tell. */
const frameworks: readonly (readonly [RegExp, string, number])[] = [
  [/ModelLink|MindSpeed/i, "mindspeed", 2024.7],
  [/Megatron-DeepSpeed/i, "megatron-deepspeed", 2022.5],
  // NVIDIA's own containers and recipes, tuned for each model and system.
  [/Megatron-Bridge|NeMo/i, "nemo", 2025.5],
  [/TransformerEngine/i, "megatron", 2025.9],
  [/Megatron-Core/i, "megatron", 2024.5],
  [/Megatron/i, "megatron", 2022.4],
  [/llm-foundry|Composer/i, "fsdp", 2023.8],
  [/torchtitan|FSDP/i, "fsdp", 2025],
  [/InternEvo/i, "internevo", 2023.9],
  [/MaxText|Paxml|JAX/i, "xla", 2025],
  [/ColossalAI/i, "deepspeed", 2025],
  [/DeepSpeed/i, "deepspeed", 2023.5],
];

/** Sources whose date is known better than their framework tells. */
const sources: readonly (readonly [RegExp, number])[] = [[/FlagPerf/i, 2024.2]];

/** Reads the framework's name and version ("NeMo 25.09" is 2025.75). */
export function rowSoftware(row: PublishedRun): RowSoftware {
  const text = row.framework ?? "";
  const found = frameworks.find(([name]) => name.test(text));
  const version = /\b(2[2-9])\.(0[1-9]|1[0-2])\b/.exec(text);
  const dated = sources.find(([name]) => name.test(row.source.title ?? ""))?.[1] ?? found?.[2];
  const year = version === null ? dated : 2000 + Number(version[1]) + Number(version[2]) / 12;
  return { family: found?.[1], year };
}

/** Whether gradients travel during the backward pass: Megatron's option of 2024, FSDP and DeepSpeed by design. */
export function overlapsData({ family, year }: RowSoftware): boolean {
  if (family === undefined) return true;
  if (["fsdp", "xla", "deepspeed", "internevo", "nemo"].includes(family)) return true;
  return (year ?? 2024) >= 2024;
}
