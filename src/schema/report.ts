import type { Digest } from "../kernel/index.ts";
import type { CostTerms, Mistake, Selection } from "./evaluation.ts";
import type { Acceptance, Prices } from "./task.ts";

/**
 * Everything a report shows, as plain JSON: the operation that builds it reads it from the ledger, the
 * renderer adds no figure of its own. A part that was not measured is left out and shown as such.
 */
export interface ReportData {
  readonly run: ReportRun;
  readonly task: ReportTask;
  readonly selection: Selection;
  /**
   * Variant that the detailed sections (threshold, calibration, confusion, mistakes) describe: the
   * winner, or the nearest one when none passed. Left out: the winner, else the cheapest.
   */
  readonly detailed?: string;
  /** From the untouched base to the detailed variant, in the order of the stages. */
  readonly waterfall: readonly WaterfallStep[];
  readonly losses?: LossCurve;
  /** Of the detailed variant on the test split; left out when the answer is not one of a closed set. */
  readonly confusion?: Confusion;
  /** Wrong answers of the detailed variant on the test split, worst first. */
  readonly mistakes: readonly Mistake[];
  readonly data: DataReport;
  readonly stages: readonly StageReport[];
  readonly settings: readonly SettingReport[];
  readonly commands: readonly CommandReport[];
  readonly versions: readonly { readonly name: string; readonly version: string }[];
  readonly digests: readonly DigestReport[];
  readonly licences: readonly LicenceReport[];
}

export interface ReportRun {
  /** The ledger's id of the run. */
  readonly id: string;
  /** When the build ended, ISO 8601; given, so that the same data render to the same bytes. */
  readonly date: string;
  readonly sampanVersion: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly system: string;
  };
  readonly seconds: number;
  /** Where this report is written, as the user should type it. */
  readonly reportPath: string;
  /** Left out when nothing was packed. */
  readonly bundlePath?: string;
  /** The command that answers one example, e.g. `sampan run <bundle> '{"text":"…"}'`. */
  readonly tryLine?: string;
  /** Command that explains one figure, without the figure's id, e.g. `sampan why`. */
  readonly whyCommand: string;
}

interface ReportTask {
  readonly name: string;
  readonly description: string;
  readonly base: string;
  /** `closed`: one of a fixed set. `extraction`: several fields, judged one by one and together. */
  readonly kind: "closed" | "extraction";
  readonly prices: Prices;
  readonly acceptance: Acceptance;
}

/** One bar of the cost waterfall. All costs per 1,000 correct transactions. */
export interface WaterfallStep {
  readonly label: string;
  /** Cost after this step. */
  readonly cost: number;
  /** Cost after minus cost before; 0 for the first step. */
  readonly difference: number;
  /** The variant whose cost it is. */
  readonly variant?: string;
  readonly terms?: CostTerms;
}

/** Mean negative log-likelihood per judged token of the answers, in nats. */
export interface LossCurve {
  readonly train: readonly LossPoint[];
  readonly validation: readonly LossPoint[];
  /** Tokens at which the kept adapter was saved. */
  readonly kept?: number;
}

interface LossPoint {
  readonly tokens: number;
  readonly loss: number;
}

/** counts[i][j]: test records whose expected answer is labels[i] and whose answer was labels[j]. */
export interface Confusion {
  /** Output property that the answers belong to. */
  readonly field: string;
  readonly labels: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

interface DataReport {
  readonly read: number;
  readonly kept: number;
  readonly splits: {
    readonly train: number;
    readonly validation: number;
    readonly test: number;
  };
  readonly dropped: readonly { readonly reason: string; readonly records: number }[];
  /** Records per class over all splits; empty when the answer is not one of a closed set. */
  readonly classes: readonly { readonly label: string; readonly records: number }[];
}

interface StageReport {
  readonly name: string;
  readonly seconds: number;
  readonly peakMemoryBytes?: number;
  readonly outputBytes?: number;
  /** What came in, was kept or produced, in a few words. */
  readonly about?: string;
  /** The output was in the store already; `seconds` is then what it took when it was made. */
  readonly reused: boolean;
  /** Content key of the stage: code version, configuration and inputs. */
  readonly key: Digest;
}

export interface SettingReport {
  readonly name: string;
  readonly value: string;
  /** The rule that chose it, in words, or who set it. */
  readonly rule: string;
  readonly setBy: "rule" | "task" | "flag";
}

interface CommandReport {
  readonly about: string;
  readonly line: string;
}

export interface DigestReport {
  readonly name: string;
  readonly sha256: Digest;
  readonly bytes?: number;
}

interface LicenceReport {
  /** The base, the data source or the package it covers. */
  readonly subject: string;
  readonly id: string;
  readonly name: string;
  /** What the licence asks for beyond being named. */
  readonly notice?: string;
}
