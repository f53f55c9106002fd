import type { Architecture, PublishedRun } from "../../../schema/index.ts";
import type { Chip } from "../../chip.ts";
import { rowFabric } from "../../rows/row-fabric.ts";
import type { WeightFormatName } from "../law/formats.ts";
import type { ServingSetup } from "../law/setup.ts";
import type { ServingSoftware } from "./row-software.ts";

/** The setup that a row tells of, or why it cannot be known. */
export function rowSetup(
  row: PublishedRun,
  model: Architecture,
  chip: Chip,
  software: ServingSoftware,
):
  | { readonly setup: ServingSetup; readonly replicas: number; readonly assumed: readonly string[] }
  | string {
  const degrees = row.parallelism ?? {};
  const degree = (key: string): number | undefined => {
    const value = degrees[key];
    return typeof value === "number" && value >= 1 ? value : undefined;
  };
  if (typeof degrees["pd"] === "string" || typeof degrees["prefill"] === "string") {
    return "prefill and decode on separate instances, whose shares the row does not tell";
  }
  if (/mtp|speculative|eagle/i.test(row.notes ?? "")) {
    return "speculative decoding, whose acceptance the row does not tell";
  }
  const weights = rowWeights(row, model);
  if (weights === undefined) return `precision "${row.precision}" is not understood`;
  const layout = rowLayout(row, degree);
  const setup: ServingSetup = {
    model,
    chip,
    fabric: rowFabric(row, chip),
    weights,
    cache: "bf16",
    tensor: layout.tensor,
    pipeline: degree("pp") ?? 1,
    attentionData: layout.attentionData,
    expertParallel:
      (degree("moe_ep") ?? degree("ep") ?? 1) > 1 ||
      /--(enable-expert-parallel|ep[-_]size [2-9])/.test(row.notes ?? ""),
    passTokens: software.passTokens,
    maxSequences: software.maxSequences,
    memoryShare: software.memoryShare,
  };
  const assumed = row.precision == null ? [`${weights} weights`] : [];
  return { setup, replicas: layout.replicas, assumed };
}

interface Layout {
  readonly tensor: number;
  readonly attentionData: number;
  readonly replicas: number;
}

/**
 * How ranks are laid out. Rule for InferenceX rows: its flags "tp 8, ep 8" mean eight ranks that hold whole experts; a
 * row that multiplied the two (tp 64 = moe_tp 8 x moe_ep 8 on nodes of eight) is read back as eight.
 */
function rowLayout(row: PublishedRun, degree: (key: string) => number | undefined): Layout {
  const tensor = degree("tp") ?? 1;
  const data = degree("dp") ?? 1;
  const squared = degree("moe_tp") ?? 1;
  const multiplied = squared > 1 && degree("moe_ep") === squared;
  const shared = degree("attention_dp");
  if (shared !== undefined || multiplied) {
    const fix = (value: number): number => (multiplied && value === squared ** 2 ? squared : value);
    return { tensor: fix(tensor), attentionData: fix(shared ?? 1), replicas: 1 };
  }
  // SGLang: dp-size attention replicas within the tensor-parallel ranks.
  if (/--enable-dp-att/.test(row.notes ?? "") && data > 1) {
    return { tensor: tensor / data, attentionData: data, replicas: 1 };
  }
  if (degree("ep") !== undefined && data > 1) return { tensor, attentionData: data, replicas: 1 };
  return { tensor, attentionData: 1, replicas: data };
}

/** The weight format by a row's precision and model; 16 bits, or the checkpoint's own format, where it does not say. */
function rowWeights(
  { precision, model: name }: PublishedRun,
  model: Architecture,
): WeightFormatName | undefined {
  const sparse = model.groups.some(({ feedForward }) => feedForward.kind === "experts");
  const text = (precision ?? "").toLowerCase();
  if (/gpt-oss/i.test(name)) return "mxfp4";
  if (text === "") {
    if (/fp8/i.test(name) || /deepseek-(v3|r1)(?!.*distill)|kimi-k2/i.test(name))
      return /kimi.*thinking/i.test(name) ? "int4-experts" : "fp8";
    return "bf16";
  }
  if (text === "fp4" || text === "nvfp4") return sparse ? "nvfp4-experts" : "nvfp4";
  if (text === "int4") return sparse ? "int4-experts" : "int4";
  if (text.startsWith("w8a8")) return "int8";
  if (text.startsWith("bf16")) return "bf16";
  const known: Readonly<Record<string, WeightFormatName>> = {
    fp16: "fp16",
    f16: "f16",
    fp8: "fp8",
    int8: "int8",
    mxfp4: "mxfp4",
    q4_k_m: "q4_k_m",
    q4_0: "q4_0",
    q8_0: "q8_0",
    fp32: "fp32",
  };
  return known[text];
}
