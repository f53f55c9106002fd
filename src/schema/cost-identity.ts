import type { CostTerms } from "./evaluation.ts";

/** What became of transactions; counts may be expected values, not whole numbers. */
export interface TransactionCounts {
  readonly records: number;
  /** Went straight through. */
  readonly answered: number;
  /** Of those, the right ones. */
  readonly right: number;
}

/**
 * The cost identity, per 1,000 correct transactions: (machine + escalation + error) / correct. `machine` is what
 * the machines took for all records; an escalated transaction takes a person (whose answer counts as correct), a
 * wrong one that went through what an error costs. Where nothing at all is correct, half a transaction is put in
 * its place, so that the figure stays finite. The foundry measures by it and the planner predicts by it.
 */
export function costPerCorrect(
  { records, answered, right }: TransactionCounts,
  prices: { readonly escalation: number; readonly error: number },
  machineOfAll: number,
): CostTerms {
  const correct = Math.max(0.5, right + (records - answered));
  const perThousand = 1_000 / correct;
  const machine = machineOfAll * perThousand;
  const escalation = (records - answered) * prices.escalation * perThousand;
  const error = (answered - right) * prices.error * perThousand;
  return { machine, escalation, error, total: machine + escalation + error };
}
