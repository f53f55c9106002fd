import { costPerCorrect, type CostTerms } from "../../schema/index.ts";

/** What the machines do for one transaction, and what becomes of it. */
export interface TransactionShape {
  /** Tokens read and written by one attempt. */
  readonly input: number;
  readonly output: number;
  /** Share of the machine's time that guardrails take of every attempt: checks of input and output. */
  readonly guardrails: number;
  /** Share of attempts that fail (invalid, timed out) and are made again. */
  readonly retries: number;
  /** Share of transactions that go straight through; the others go to a person. */
  readonly straightThrough: number;
  /** Share of those that are right. */
  readonly accuracy: number;
}

/** How fast accelerators answer, and what they cost. */
export interface Machine {
  /** Tokens per second of one accelerator, reading and writing. */
  readonly prefill: number;
  readonly decode: number;
  /** USD of one accelerator for one hour in use. */
  readonly usdPerHour: number;
}

/** What people and errors cost, in the task's currency. */
export interface Consequences {
  readonly escalation: number;
  readonly error: number;
}

/** USD per 1,000 correct transactions by what they are paid for; `total` is their sum. */
export interface TransactionCost {
  readonly prefill: number;
  readonly decode: number;
  readonly guardrails: number;
  readonly retries: number;
  readonly escalation: number;
  readonly error: number;
  readonly total: number;
  /** The same in the foundry's three terms. */
  readonly terms: CostTerms;
  /** Seconds of one accelerator per transaction, retries and guardrails included. */
  readonly seconds: number;
}

/** Attempts per transaction when each fails independently with probability `share`: 1 / (1 - share). */
export function attemptsOf(share: number): number {
  return 1 / (1 - share);
}

/**
 * Cost per 1,000 correct transactions by the foundry's identity, with the machine's part split: reading and writing
 * of the first attempt, guardrails g as the share of time that all work takes besides (1 / (1 - g)), and further
 * attempts.
 */
export function transactionCost(
  shape: TransactionShape,
  machine: Machine,
  consequences: Consequences,
): TransactionCost {
  const usdPerSecond = machine.usdPerHour / 3_600;
  const reading = shape.input / machine.prefill;
  const writing = shape.output / machine.decode;
  const guarded = (reading + writing) / (1 - shape.guardrails);
  const seconds = guarded * attemptsOf(shape.retries);
  const counts = {
    records: 1_000,
    answered: 1_000 * shape.straightThrough,
    right: 1_000 * shape.straightThrough * shape.accuracy,
  };
  const terms = costPerCorrect(counts, consequences, 1_000 * seconds * usdPerSecond);
  const perSecond = seconds > 0 ? terms.machine / seconds : 0;
  return {
    prefill: reading * perSecond,
    decode: writing * perSecond,
    guardrails: (guarded - reading - writing) * perSecond,
    retries: (seconds - guarded) * perSecond,
    escalation: terms.escalation,
    error: terms.error,
    total: terms.total,
    terms,
    seconds,
  };
}
