/** One request: the prompt's ids, and the texts that verbatim spans may come from. */
export interface AnswerRequest {
  readonly prompt: readonly number[];
  readonly sources: readonly string[];
}

/** An answer that the grammar allows. */
export interface BoundedAnswer {
  readonly text: string;
  /** Ids of the text, without the closing `eos`. */
  readonly tokens: readonly number[];
  /** Product of the probabilities of all decisions, each among what the grammar allowed there. */
  readonly confidence: number;
  /** Smallest lead of a decision over its runner-up, as a difference of probabilities. */
  readonly margin: number;
  /** Closed sets: every text, in the grammar's order; probabilities sum to one. */
  readonly options?: readonly { readonly text: string; readonly probability: number }[];
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Times the model was run for this answer. */
  readonly evaluations: number;
  /** From the beginning of this answer's work to its end, turns of others beside it included. */
  readonly milliseconds: number;
}

/** What a decoding program knows; the model adds the time. */
export type Decoded = Omit<BoundedAnswer, "milliseconds">;
