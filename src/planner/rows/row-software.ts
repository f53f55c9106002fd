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
  [/Megatron-Bridge|NeMo/i, "megatron", 2025.5],
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

/** Reads the framework's name and version ("NeMo 25.09" is 2025.75). */
export function rowSoftware(row: PublishedRun): RowSoftware {
  const text = row.framework ?? "";
  const [, family, usual] = frameworks.find(([name]) => name.test(text)) ?? [
    undefined,
    undefined,
    undefined,
  ];
  const version = /\b(2[2-9])\.(0[1-9]|1[0-2])\b/.exec(text);
  const year = version === null ? usual : 2000 + Number(version[1]) + Number(version[2]) / 12;
  return { family, year };
}
