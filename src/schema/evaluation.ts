import type { JsonObject } from "../kernel/index.ts";
import type { ConfidenceMap } from "./chain.ts";
import type { Answer } from "./ports/answerer.ts";
import type { TaskRecord } from "./record.ts";

/** A figure with its interval at the task's confidence. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How much of what one variant takes to run. `undefined` means not measured, and is shown so. */
export interface Resources {
  readonly transactionsPerSecond: number;
  readonly latencyP50: number;
  readonly latencyP95: number;
  readonly memoryBytes: number | undefined;
  readonly cpuSecondsPerTransaction: number | undefined;
  readonly joulesPerTransaction: number | undefined;
  readonly fileBytes: number | undefined;
}

/** One transaction of an evaluation. */
export interface Judged {
  readonly record: TaskRecord;
  readonly answer: Answer;
  readonly correct: boolean;
  /** Output properties whose value differs from the expected one. */
  readonly wrongFields: readonly string[];
}

/** Everything measured of one variant on one split. */
export interface Measurement {
  readonly variant: VariantName;
  readonly validation: readonly Judged[];
  readonly test: readonly Judged[];
  readonly resources: Resources;
}

export interface VariantName {
  /** Stable id: `tuned-q8_0`, `base-few-shot`, `classical`, `chain:classical+tuned-q8_0`. */
  readonly id: string;
  readonly label: string;
  readonly kind: "classical" | "base" | "tuned" | "chain";
  /** Ids of a chain's members, in the order in which they are asked. */
  readonly members?: readonly string[];
}

/** The cost identity: (machine + escalation + error) / correct, per 1,000 correct transactions. */
export interface CostTerms {
  readonly machine: number;
  readonly escalation: number;
  readonly error: number;
  readonly total: number;
}

/** The verdict on one variant, at the threshold chosen on validation. */
export interface Assessment {
  readonly variant: VariantName;
  readonly records: number;
  /** Accuracy when every answer is taken. */
  readonly accuracy: Interval;
  readonly perField: Readonly<Record<string, Interval>>;
  readonly perClass: Readonly<
    Record<string, { readonly records: number; readonly correct: number }>
  >;
  readonly calibrationError: number;
  readonly calibration: readonly {
    readonly confidence: number;
    readonly accuracy: number;
    readonly records: number;
  }[];
  /** From the variant's own confidence to the calibrated one that the threshold compares. */
  readonly confidenceMap: ConfidenceMap;
  /** Answers whose calibrated confidence is below it go to a person. */
  readonly threshold: number;
  readonly thresholdCurve: readonly {
    readonly threshold: number;
    readonly straightThrough: number;
    readonly accuracy: number;
    readonly cost: number;
  }[];
  readonly straightThrough: Interval;
  /** Accuracy of the answers that go straight through. */
  readonly answeredAccuracy: Interval;
  readonly cost: Interval;
  readonly terms: CostTerms;
  readonly resources: Resources;
  readonly passes: boolean;
  /** Why it does or does not pass, in words. */
  readonly verdict: string;
}

export interface Selection {
  readonly winner: string | undefined;
  readonly assessments: readonly Assessment[];
  readonly reason: string;
}

/** A wrong answer, for the report. */
export interface Mistake {
  readonly input: JsonObject;
  readonly expected: JsonObject;
  readonly given: JsonObject | undefined;
  readonly confidence: number;
}
