import type { ServingAnswer } from "../../planner/serving/index.ts";
import type { Term } from "../../schema/index.ts";
import type { OpenedService } from "./serve-input.ts";

/** What the terminal shows of a serving plan. */
export function describeServing(opened: OpenedService, answer: ServingAnswer): string {
  const { model, group, job, chosen } = opened;
  const { setup, traffic } = job;
  const { estimate, simulation, cache } = answer;
  const refused =
    answer.feasibility.kind === "feasible"
      ? []
      : [
          "",
          "This plan cannot run:",
          ...answer.feasibility.reasons.map(({ message, hint }) => `  ${message}\n    ${hint}`),
        ];
  const chips = answer.replicas * answer.chipsPerReplica;
  const asked =
    traffic.rate === undefined
      ? `${traffic.concurrency ?? 0} requests in flight`
      : `${traffic.rate.toPrecision(3)} requests/s`;
  return [
    `${model.name}, ${setup.weights} weights, ${setup.cache} cache, tensor ${setup.tensor} (${chosen})`,
    ...(model.unread.length === 0
      ? []
      : [`  not understood in its config: ${model.unread.join(", ")}`]),
    `${answer.replicas} replicas of ${answer.chipsPerReplica} x ${group.chip.name}: ${chips} of ${group.count} accelerators, for ${asked} of ${traffic.input.mean} tokens in and ${traffic.output.mean} out`,
    ...refused,
    "",
    "one replica".padEnd(34) + "closed form   simulated      p50      p95      p99",
    row("time to first token", estimate.timeToFirst, simulation.timeToFirst),
    row("time per token", estimate.timePerToken, simulation.timePerToken),
    row(
      "whole answer",
      estimate.timeToFirst + traffic.output.mean * estimate.timePerToken,
      simulation.latency,
    ),
    `  ${"sequences at once".padEnd(32)}${estimate.batch.toFixed(1).padStart(11)}${simulation.meanBatch.toFixed(1).padStart(12)}`,
    `  ${"load".padEnd(32)}${percent(estimate.load).padStart(11)}`,
    `  time per token, 80 % of published runs: ${time(answer.term.low ?? 0)} to ${time(answer.term.high ?? 0)}`,
    ...answer.meets.map(
      ({ bound, value, met }) =>
        `  ${met ? "kept" : "BROKEN"}  ${bound.text} (${bound.percentile} ${time(value)})`,
    ),
    `  simulated ${simulation.requests} requests over ${simulation.seconds.toFixed(0)} s, ${simulation.preemptions} preempted`,
    "",
    `output      ${answer.outputTokensPerSecond.toPrecision(4)} tokens/s in all, ${(answer.outputTokensPerSecond / chips).toPrecision(3)} per accelerator${cost(opened, answer, chips)}`,
    `memory      weights ${giga(cache.weights)}, cache ${giga(cache.room)} per accelerator: ${cache.sequences} sequences of ${giga(cache.perSequence)} per replica`,
    "",
    ...answer.term.children.flatMap(partsOf),
    "",
    "Constants behind a number: sampan plan serve ... --out plan.json, then sampan plan explain plan.json decode.weights",
  ].join("\n");
}

function row(
  label: string,
  closed: number,
  { mean, p50, p95, p99 }: ServingAnswer["simulation"]["latency"],
): string {
  const cells = [mean, p50, p95, p99].map((value, index) =>
    time(value).padStart(index === 0 ? 12 : 9),
  );
  return `  ${label.padEnd(32)}${time(closed).padStart(11)}${cells.join("")}`;
}

function cost({ cluster, group }: OpenedService, answer: ServingAnswer, chips: number): string {
  const price = cluster.groups[0]?.rent ?? group.entry.prices.rent.value;
  const perMillion = (chips * price * 1e6) / 3_600 / answer.outputTokensPerSecond;
  return `, ${perMillion.toPrecision(3)} USD per million output tokens at ${price} USD/h`;
}

function partsOf(pass: Term): readonly string[] {
  return [
    pass.label.padEnd(52) + time(pass.value),
    ...[...pass.children]
      .sort((a, b) => b.value - a.value)
      .map(({ label, value, id }) => {
        const share = value / pass.value;
        const bar = "#".repeat(Math.round(share * 24));
        return `  ${label.padEnd(40)}${time(value).padStart(9)} ${percent(share).padStart(7)} ${bar.padEnd(24)} ${id}`.trimEnd();
      }),
  ];
}

function time(seconds: number): string {
  if (seconds < 1e-3) return `${(seconds * 1e6).toFixed(0)} us`;
  if (seconds < 1) return `${(seconds * 1e3).toPrecision(3)} ms`;
  return seconds < 1_000 ? `${seconds.toPrecision(3)} s` : `${(seconds / 3_600).toFixed(1)} h`;
}

function giga(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
