import { chipsOf, countParameters, type TrainingAnswer } from "../../planner/index.ts";
import type { Term, TrainingPlan } from "../../schema/index.ts";
import type { OpenedJob } from "./train-input.ts";

/** What the terminal shows of a training plan. */
export function describeTraining(opened: OpenedJob, answer: TrainingAnswer): string {
  const { model, group, job, chosen } = opened;
  const { plan } = job.setup;
  const parameters = countParameters(model);
  const active =
    parameters.active === parameters.total ? "" : `, ${billions(parameters.active)} active`;
  const refused =
    answer.feasibility.kind === "feasible"
      ? []
      : [
          "",
          "This plan cannot run:",
          ...answer.feasibility.reasons.map(({ message, hint }) => `  ${message}\n    ${hint}`),
        ];
  const unread =
    model.unread.length === 0 ? [] : [`  not understood in its config: ${model.unread.join(", ")}`];
  return [
    `${model.name}: ${billions(parameters.total)} parameters${active}`,
    ...unread,
    `${chipsOf(plan)} of ${group.count} x ${group.chip.name}, ${describePlan(plan)} (${chosen})`,
    ...refused,
    "",
    ...summariseTraining(opened, answer)
      .filter(({ label }) => label !== "plan")
      .map(({ label, value }) => `${label.padEnd(12)}${value}`),
    "",
    "one step".padEnd(44) + `${answer.step.total.toPrecision(4)} s`,
    ...partsOf(answer.term, "step"),
    "",
    `memory of the fullest rank`.padEnd(44) +
      `${giga(answer.memory.total)} of ${giga(group.chip.memory)}`,
    ...memoryLines(answer),
    "",
    "Constants behind a number: sampan plan train ... --out plan.json, then sampan plan explain plan.json step.products",
  ].join("\n");
}

/** The answer in lines of label and value, for terminal and page alike. */
export function summariseTraining(
  opened: OpenedJob,
  answer: TrainingAnswer,
): readonly { readonly label: string; readonly value: string }[] {
  const { low = answer.seconds, high = answer.seconds } = answer.term;
  return [
    {
      label: "time",
      value: `${days(answer.seconds)} (80 %: ${days(low)} to ${days(high)}), without failures`,
    },
    {
      label: "hours",
      value: `${answer.acceleratorHours.toPrecision(3)} accelerator hours${cost(opened, answer)}`,
    },
    {
      label: "rate",
      value: `${Math.round(answer.perAccelerator)} tokens/s per accelerator, ${answer.tokensPerSecond.toPrecision(3)} in all; ${percent(answer.utilisation)} of peak`,
    },
    { label: "binds", value: binding(answer) },
    { label: "plan", value: describePlan(opened.job.setup.plan) },
  ];
}

/** Names and sizes of the degrees above 1. */
export function shownDegrees(plan: TrainingPlan): readonly string[] {
  const degrees = [
    ["tensor", plan.tensor],
    ["pipeline", plan.pipeline],
    ["interleave", plan.interleave],
    ["context", plan.context],
    ["expert", plan.expert],
    ["data", plan.data],
  ] as const;
  return degrees.filter(([, degree]) => degree > 1).map(([name, degree]) => `${name} ${degree}`);
}

/** Degrees above 1, batch and recipe in one line. */
export function describePlan(plan: TrainingPlan): string {
  return [
    ...shownDegrees(plan),
    `zero ${plan.zero}`,
    `micro-batch ${plan.microBatch} of ${plan.globalBatch} x ${plan.sequence}`,
    `recompute ${plan.recompute}`,
    plan.precision,
  ].join(", ");
}

function cost({ cluster, group }: OpenedJob, answer: TrainingAnswer): string {
  const rent = cluster.groups[0]?.rent;
  const catalogued = group.entry.prices.rent;
  const price = rent ?? catalogued.value;
  const range =
    rent === undefined && catalogued.low !== undefined && catalogued.high !== undefined
      ? ` (${dollars(answer.acceleratorHours * catalogued.low)} to ${dollars(answer.acceleratorHours * catalogued.high)} at catalogue prices)`
      : "";
  return `, ${dollars(answer.acceleratorHours * price)} at ${price} USD/h${range}`;
}

function partsOf(term: Term, id: string): string[] {
  const step = term.children.find((child) => child.id === id);
  if (step === undefined) return [];
  return [...step.children]
    .sort((a, b) => b.value - a.value)
    .map(({ label, value, id: part }) => {
      const share = value / step.value;
      const bar = "#".repeat(Math.round(share * 30));
      return `  ${label.padEnd(42)}${value.toPrecision(3).padStart(9)} s ${percent(share).padStart(7)} ${bar.padEnd(20)} ${part}`.trimEnd();
    });
}

function memoryLines({ memory }: TrainingAnswer): string[] {
  const { total, ...kinds } = memory;
  return Object.entries(kinds).map(
    ([kind, bytes]) =>
      `  ${kind.padEnd(42)}${giga(bytes).padStart(11)} ${percent(bytes / total).padStart(7)}`,
  );
}

function binding({ step }: TrainingAnswer): string {
  const sides = {
    "arithmetic of the chips": step.products + step.attention + step.logits + step.recompute,
    "memory bandwidth": step.streaming + step.optimizer,
    "wires between chips":
      step.tensorWire + step.expertWire + step.contextWire + step.pipelineWire + step.dataWire,
    "waiting (bubble, stragglers, launches)":
      step.bubble + step.straggle + step.launch + step.fixed,
  };
  return Object.entries(sides)
    .sort(([, a], [, b]) => b - a)
    .map(([side, seconds]) => `${side} ${percent(seconds / step.total)}`)
    .join(", ");
}

function billions(count: number): string {
  return `${(count / 1e9).toFixed(2)} B`;
}

function days(seconds: number): string {
  return seconds < 86_400
    ? `${(seconds / 3_600).toFixed(1)} hours`
    : `${(seconds / 86_400).toFixed(1)} days`;
}

function giga(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function dollars(amount: number): string {
  return `${amount.toPrecision(3)} USD`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
