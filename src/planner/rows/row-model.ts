import type { Architecture, PublishedRun } from "../../schema/index.ts";
import { findEntry } from "../catalogue/index.ts";
import type { KnownModel } from "./known-model.ts";
import { readConfig } from "../work/read-config.ts";

/** Vocabulary by words of a name, where a row gives widths only. */
const vocabularies: readonly (readonly [RegExp, number])[] = [
  [/qwen/i, 151_936],
  [/llama-?\s?3|llama3/i, 128_256],
  [/gemma/i, 256_000],
  [/baichuan2/i, 125_696],
  [/bloom/i, 250_880],
  [/internlm2/i, 92_544],
  [/internlm/i, 103_168],
  [/aquila/i, 100_008],
  [/yi\b/i, 64_000],
  [/grok/i, 131_072],
  [/gpt/i, 51_200],
];

/** The architecture a row ran: by name from the catalogue, then the row's own widths over it; or why it is unknown. */
export function rowModel(row: PublishedRun, models: readonly KnownModel[]): Architecture | string {
  const bare = row.model.replaceAll(/\s*\([^)]*\)/g, "").trim();
  const known = findEntry(models, row.model) ?? findEntry(models, bare);
  const arch = row.arch ?? {};
  const { hidden, heads, layers } = arch;
  let model: Architecture | undefined;
  const named = known === undefined ? undefined : readConfig(known.config, row.model);
  const agrees = named !== undefined && (hidden === undefined || named.width === hidden);
  if (agrees) model = named;
  else if (hidden !== undefined && heads !== undefined && layers !== undefined) {
    model = fromWidths(row, hidden, heads, layers);
  } else if (named !== undefined) model = named;
  if (model === undefined)
    return `no architecture is known for "${row.model}" and the row gives no widths`;
  const trimmed = trimLayers(model, layers);
  return /w\/o MTP/.test(row.model) ? { ...trimmed, predictionLayers: 0 } : trimmed;
}

/** GPT-style where the row says so, with four times the width inside; else a gated model with the row's width inside. */
function fromWidths(
  row: PublishedRun,
  hidden: number,
  heads: number,
  layers: number,
): Architecture {
  const arch = row.arch ?? {};
  const gptLike =
    /GPT|ALiBi/i.test(arch.attention ?? "") ||
    /gpt|bloom|mpt|opt/i.test(row.model) ||
    arch.ffn === 4 * hidden;
  const vocabulary =
    arch.vocab ?? vocabularies.find(([name]) => name.test(row.model))?.[1] ?? 32_000;
  const experts = arch.experts ?? 0;
  const config = {
    model_type: experts > 1 ? "mixtral" : gptLike ? "gpt_neox" : "llama",
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: arch.kv_heads ?? heads,
    intermediate_size: arch.ffn ?? 4 * hidden,
    vocab_size: vocabulary,
    ...(experts > 1 ? { num_local_experts: experts, num_experts_per_tok: arch.top_k ?? 2 } : {}),
  };
  return readConfig(config, row.model);
}

/** Fewer (or more) layers of the last kind, as benchmarks trim models; dense first layers stay. */
function trimLayers(model: Architecture, layers: number | undefined): Architecture {
  const total = model.groups.reduce((sum, { count }) => sum + count, 0);
  if (layers === undefined || layers === total || layers < 1) return model;
  const hybrid = model.groups.some(({ attention }) => attention.kind === "recurrent");
  const sparse = model.groups.some(({ feedForward }) => feedForward.kind === "experts");
  if (!sparse || hybrid || model.groups.length === 1) {
    const groups = model.groups.map((group) => ({
      ...group,
      count: (group.count * layers) / total,
    }));
    return { ...model, groups };
  }
  const dense = model.groups
    .filter(({ feedForward }) => feedForward.kind === "dense")
    .reduce((sum, { count }) => sum + count, 0);
  // A trimmed model keeps one dense layer of a head of few (DeepSeek), or its mixture of both.
  const kept = dense <= 4 ? Math.min(1, dense) : (dense * layers) / total;
  const groups = model.groups.map((group) => ({
    ...group,
    count:
      group.feedForward.kind === "dense"
        ? (group.count / dense) * kept
        : (group.count / (total - dense)) * (layers - kept),
  }));
  return { ...model, groups };
}
