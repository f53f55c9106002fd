import type { TaskFile } from "../../data/index.ts";
import type { ResolvedGroup } from "../../planner/index.ts";
import type {
  Basis,
  BreakEven,
  TransactionCost,
  TransactionQuestion,
} from "../../planner/money/index.ts";
import type { FoundServing } from "../../planner/search/index.ts";
import type { Architecture, Term } from "../../schema/index.ts";
import { describeEvenness } from "./describe-search.ts";

interface Described {
  readonly file: TaskFile;
  readonly model: Architecture;
  readonly group: ResolvedGroup;
  readonly basis: Basis;
  readonly shape: TransactionQuestion["shape"];
  readonly speed: { readonly chips: number; readonly prefill: number; readonly decode: number };
  readonly served: FoundServing;
  readonly launch: string;
  readonly cost: TransactionCost;
  readonly hour: Term;
  readonly evenness: BreakEven;
}

/** What the terminal shows of a task's plan. */
export function describeTask(described: Described): string {
  const { file, model, group, basis, shape, speed, served, cost, hour, evenness, launch } =
    described;
  const { currency } = file.task.prices;
  const bars = [
    ["reading the input", cost.prefill],
    ["writing the output", cost.decode],
    ["guardrails", cost.guardrails],
    ["attempts made again", cost.retries],
    ["people", cost.escalation],
    ["errors", cost.error],
  ] as const;
  return [
    `${file.task.name} with ${model.name} on ${group.chip.name} (${basis === "own" ? "owned" : "rented"}), ${speed.chips} per replica`,
    "",
    `cost per 1,000 correct transactions`.padEnd(40) + `${money(cost.total)} ${currency}`,
    ...bars.map(([label, value]) => bar(label, value, cost.total)),
    "",
    ...Object.values(shape).map(
      ({ name, value, unit, source }) =>
        `${name.padEnd(44)}${figure(value).padStart(8)} ${unit}; ${source}`,
    ),
    "",
    `speed       ${figure(speed.prefill)} tokens/s read, ${figure(speed.decode)} written, per accelerator; ${figure(1 / cost.seconds)} transactions/s`,
    `served      ${served.setup.weights}, tensor ${served.setup.tensor}, ${served.concurrency} at once; first token after ${figure(served.steady.timeToFirst * 1_000)} ms, then ${figure(served.steady.timePerToken * 1_000)} ms each`,
    `an hour     ${hour.value.toPrecision(3)} USD of one accelerator in use${partsOf(hour)}`,
    `own or rent ${describeEvenness(evenness)}`,
    "",
    launch,
    "Sums and sources: sampan plan task ... --out plan.json, then sampan plan explain plan.json transaction",
  ].join("\n");
}

function bar(label: string, value: number, total: number): string {
  const share = total > 0 ? value / total : 0;
  const drawn = "#".repeat(Math.round(share * 30));
  return `  ${label.padEnd(36)}${money(value).padStart(10)} ${(share * 100).toFixed(1).padStart(6)} % ${drawn}`.trimEnd();
}

function partsOf({ children }: Term): string {
  if (children.length === 0) return "";
  const parts = children.map(({ label, value }) => `${label} ${value.toPrecision(2)}`);
  return `: ${parts.join(", ")}`;
}

function money(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function figure(value: number): string {
  return value >= 1_000 ? `${Math.round(value)}` : Number(value.toPrecision(3)).toString();
}
