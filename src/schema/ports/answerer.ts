import type { JsonObject } from "../../kernel/index.ts";

/** One output that an answer might have been, and the probability the variant gives it. */
export interface AnswerOption {
  readonly output: JsonObject;
  readonly probability: number;
}

/** What a variant said to one input. The unit of evaluation, selection and serving. */
export interface Answer {
  readonly output: JsonObject | undefined;
  /** Probability the variant gives its own answer, in [0, 1]; what thresholds compare. */
  readonly confidence: number;
  /** Closed answers: the likeliest outputs, this one among them, at most 16. */
  readonly options?: readonly AnswerOption[];
  /** Time this transaction took when served alone, in milliseconds. */
  readonly milliseconds: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
}

/** Anything that answers transactions: a tuned model, an untouched base, a classical baseline. */
export interface Answerer extends AsyncDisposable {
  answer(inputs: readonly JsonObject[]): Promise<readonly Answer[]>;
}
