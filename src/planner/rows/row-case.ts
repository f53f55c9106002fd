import { SampanError } from "../../kernel/index.ts";
import type { PublishedRun } from "../../schema/index.ts";
import type { Accelerator, Link } from "../../schema/index.ts";
import { findEntry } from "../catalogue/index.ts";
import { toChip, type Chip } from "../chip.ts";
import type { Circumstances } from "../efficiency/coefficients.ts";
import type { TrainingSetup } from "../training/setup.ts";
import { rowFabric } from "./row-fabric.ts";
import { measuredRate } from "./row-measure.ts";
import type { KnownModel } from "./known-model.ts";
import { rowModel } from "./row-model.ts";
import { rowPlan } from "./row-plan.ts";
import { overlapsData, rowSoftware, type RowSoftware } from "./row-software.ts";

/** What rows are read with. */
export interface RowCatalogue {
  readonly accelerators: readonly Accelerator[];
  readonly links: readonly Link[];
  readonly models: readonly KnownModel[];
}

/** A training row that can be predicted. */
export interface TrainingCase {
  readonly kind: "case";
  readonly row: PublishedRun;
  readonly setup: TrainingSetup;
  readonly circumstances: Circumstances;
  /** Tokens per second and accelerator that the row measured. */
  readonly measured: number;
  /** Which of the row's figures that came from. */
  readonly basis: string;
  readonly sparse: boolean;
  /** What was assumed because the row does not say. */
  readonly assumed: readonly string[];
}

/** A row that cannot be predicted, and why. */
export interface UnusableRow {
  readonly kind: "unusable";
  readonly row: PublishedRun;
  readonly reason: string;
}

/** Reads a published training row; nothing is dropped silently, and no row stops the others. */
export function readTrainingCase(
  row: PublishedRun,
  catalogue: RowCatalogue,
): TrainingCase | UnusableRow {
  try {
    return readCase(row, catalogue);
  } catch (error) {
    if (SampanError.isInstance(error)) return { kind: "unusable", row, reason: error.message };
    throw error;
  }
}

function readCase(row: PublishedRun, catalogue: RowCatalogue): TrainingCase | UnusableRow {
  const unusable = (reason: string): UnusableRow => ({ kind: "unusable", row, reason });
  if (row.kind !== "training") return unusable("not a training row");
  const entry = findEntry(catalogue.accelerators, row.hardware);
  if (entry === undefined) return unusable(`no chip of the catalogue is called "${row.hardware}"`);
  const chip = toChip(entry, catalogue.links);
  const model = rowModel(row, catalogue.models);
  if (typeof model === "string") return unusable(model);
  const software = rowSoftware(row);
  const planned = rowPlan(row, model, chip, software);
  if (typeof planned === "string") return unusable(planned);
  const setup: TrainingSetup = {
    model,
    chip,
    fabric: rowFabric(row, chip),
    plan: planned.plan,
    balanced: isBalanced(row),
    overlapsData: overlapsData(software),
    ...(isPacked(row) ? { packed: packedTokens } : {}),
  };
  const sparse = model.groups.some(({ feedForward }) => feedForward.kind === "experts");
  const measure = measuredRate(row, setup);
  if (typeof measure === "string") return unusable(measure);
  return {
    kind: "case",
    row,
    setup,
    circumstances: circumstancesOf(row, chip, software, sparse),
    measured: measure.tokensPerSecond,
    basis: measure.basis,
    sparse,
    assumed: planned.assumed,
  };
}

function circumstancesOf(
  row: PublishedRun,
  chip: Chip,
  software: RowSoftware,
  sparse: boolean,
): Circumstances {
  return {
    chip: chip.id,
    family: chip.family,
    launched: chip.launched,
    software: software.family,
    year: software.year,
    tunedBy: isOfVendor(row, chip) ? chip.vendor : undefined,
    sparse,
  };
}

/** Organisations whose repositories are the chip maker's own. */
const makers: Readonly<Record<string, RegExp>> = {
  NVIDIA: /^NVIDIA/i,
  AMD: /^(AMD|ROCm)/i,
  Google: /^(google|AI-Hypercomputer)/i,
  Huawei: /^(Ascend|MindSpore)/i,
  "Moore Threads": /^MooreThreads/i,
  Intel: /^(intel|HabanaAI)/i,
};

/** Trap of published figures: a maker's own tables show its chip tuned for each model and system. */
function isOfVendor(row: PublishedRun, chip: Chip): boolean {
  const title = /Korthikanti/.test(row.source.title ?? "") && chip.vendor === "NVIDIA";
  return title || (makers[chip.vendor]?.test(row.source.repo ?? "") ?? false);
}

/** Trap 2 of published tables: vendors force balance or drop tokens; where a row is silent, experts wait. */
function isBalanced(row: PublishedRun): boolean {
  return /balanced|drop \(capacity|token-drop/.test(row.moe_routing ?? "");
}

/** Documents of fine-tuning sets are short; packed, they attend to themselves only (SQuAD's are about 200 tokens). */
const packedTokens = 256;

function isPacked(row: PublishedRun): boolean {
  return /fine-tuning|packed/i.test(row.notes ?? "") || /lora|sft/i.test(String(row.workload));
}
