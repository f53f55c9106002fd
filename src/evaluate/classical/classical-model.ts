import type { JsonObject } from "../../kernel/index.ts";
import type { AnswerOption } from "../../schema/index.ts";

/** What a classical baseline says to one input. */
export interface Prediction {
  readonly output: JsonObject;
  /** Probability the model gives this output, in [0, 1]. */
  readonly confidence: number;
  /** Closed outputs: the likeliest, this one first. */
  readonly options?: readonly AnswerOption[];
}

/** A trained classical baseline: answers one input at a time, and can be kept as JSON. */
export interface ClassicalModel {
  readonly kind: "classifier" | "tagger" | "both";
  predict(input: JsonObject): Prediction;
  toJson(): JsonObject;
}
