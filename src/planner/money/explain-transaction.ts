import type { Constant, Term } from "../../schema/index.ts";
import type { Consequences, TransactionCost, TransactionShape } from "./transaction-cost.ts";
import { transactionCost } from "./transaction-cost.ts";

/** Everything a transaction's cost follows from, each number with where it comes from. */
export interface TransactionQuestion {
  readonly shape: Readonly<Record<keyof TransactionShape, Constant>>;
  readonly speed: Readonly<Record<"prefill" | "decode", Constant>>;
  readonly consequences: Readonly<Record<keyof Consequences, Constant>>;
  /** One accelerator for one hour in use, with its parts. */
  readonly hour: Term;
}

type Part = Exclude<keyof TransactionCost, "total" | "terms" | "seconds">;

const laws: Readonly<Record<Part, { readonly label: string; readonly formula: string }>> = {
  prefill: {
    label: "reading the input",
    formula: "input tokens / prefill rate x price of a second / correct share",
  },
  decode: {
    label: "writing the output",
    formula: "output tokens / decode rate x price of a second / correct share",
  },
  guardrails: {
    label: "guardrails",
    formula: "share g of the machine's time: (reading + writing) x g / (1 - g)",
  },
  retries: {
    label: "attempts that are made again",
    formula: "all of the above x (1 / (1 - share) - 1)",
  },
  escalation: {
    label: "people",
    formula: "share that does not go straight through x price of a person / correct share",
  },
  error: {
    label: "errors that slip through",
    formula: "straight-through share x (1 - accuracy) x price of an error / correct share",
  },
};

/** Cost per 1,000 correct transactions as plain numbers and as a term with its waterfall. */
export function explainTransaction(question: TransactionQuestion): {
  readonly cost: TransactionCost;
  readonly term: Term;
} {
  const { shape, speed, consequences, hour } = question;
  const cost = transactionCost(
    valuesOf(shape),
    { ...valuesOf(speed), usdPerHour: hour.value },
    valuesOf(consequences),
  );
  const constants: Readonly<Record<Part, readonly Constant[]>> = {
    prefill: [shape.input, speed.prefill],
    decode: [shape.output, speed.decode],
    guardrails: [shape.guardrails],
    retries: [shape.retries],
    escalation: [shape.straightThrough, consequences.escalation],
    error: [shape.straightThrough, shape.accuracy, consequences.error],
  };
  const part = (name: Part): Term => ({
    id: `transaction.${name}`,
    ...laws[name],
    value: cost[name],
    unit: "USD",
    children: name === "prefill" ? [hour] : [],
    constants: constants[name],
  });
  const names = Object.keys(laws) as readonly Part[];
  return {
    cost,
    term: {
      id: "transaction",
      label: "cost per 1,000 correct transactions",
      value: cost.total,
      unit: "USD",
      formula:
        "(machine + escalation + error) / correct, the identity that the foundry measures by",
      children: names.map(part),
      constants: [],
    },
  };
}

function valuesOf<Name extends string>(
  constants: Readonly<Record<Name, Constant>>,
): Readonly<Record<Name, number>> {
  const entries = Object.entries<Constant>(constants).map(([name, { value }]) => [name, value]);
  return Object.fromEntries(entries) as Record<Name, number>; // The same names.
}
