import type { ResolvedGroup } from "../../planner/index.ts";
import type { Basis, BreakEven } from "../../planner/money/index.ts";
import type { FoundPlan, Rival, SearchAnswer } from "../../planner/search/index.ts";
import type { Architecture } from "../../schema/index.ts";
import { shownDegrees } from "./describe-training.ts";

interface Described {
  readonly answer: SearchAnswer;
  readonly group: ResolvedGroup;
  readonly model: Architecture;
  readonly basis: Basis;
  readonly evenness: BreakEven;
  readonly input: { readonly objective: string; readonly tokens: number };
}

/** What the terminal shows of a search. */
export function describeSearch({
  answer,
  group,
  model,
  basis,
  evenness,
  input,
}: Described): string {
  const { best, rivals, counts, job, launch } = answer;
  const [winner] = best;
  const looked = [
    `${counts.evaluated} plans evaluated, ${counts.pruned} branches cut by their bound`,
    `${counts.memory} without memory, ${counts.misfits} that do not divide`,
    ...Object.entries(counts.broken).map(
      ([bound, count]) => `${count} over the bound on ${boundNames[bound] ?? bound}`,
    ),
  ].join("; ");
  if (winner === undefined || job === undefined) {
    return [
      `No plan for ${model.name} on ${group.count} x ${group.chip.name} within the constraints.`,
      looked,
      nearest(answer),
    ].join("\n");
  }
  return [
    `${model.name}, ${input.tokens.toPrecision(3)} tokens, on at most ${group.count} x ${group.chip.name}; least ${input.objective}`,
    looked,
    "",
    header,
    ...best.map(describeFound),
    "",
    `failures    one in ${duration(job.cuts.between)}; a checkpoint takes ${job.cuts.checkpoint.toFixed(1)} s, best every ${duration(job.interval)} (Daly); ${((job.stretch - 1) * 100).toFixed(1)} % longer, ${job.interruptions.toFixed(1)} interruptions`,
    `money       ${basis === "own" ? "owned" : "rented"}; ${describeEvenness(evenness)}`,
    "",
    "what each choice is worth (best plan that chooses otherwise):",
    ...rivals.map(describeRival),
    "",
    launch ?? "",
  ]
    .join("\n")
    .trimEnd();
}

const boundNames: Readonly<Record<string, string>> = {
  usd: "money",
  seconds: "time",
  kilowattHours: "energy",
  watts: "power",
};

const header = "      time        USD      MWh     kW   GiB   step s  plan";

function describeFound({ plan, step, figures, memory }: FoundPlan): string {
  const columns = [
    duration(figures.seconds).padStart(10),
    compact(figures.usd).padStart(10),
    (figures.kilowattHours / 1_000).toPrecision(3).padStart(8),
    (figures.watts / 1_000).toFixed(0).padStart(6),
    (memory / 2 ** 30).toFixed(0).padStart(5),
    step.total.toPrecision(3).padStart(8),
  ];
  return `${columns.join(" ")}  ${describeDegrees(plan)}`;
}

function describeDegrees(plan: FoundPlan["plan"]): string {
  return [
    ...shownDegrees(plan),
    `zero ${plan.zero}`,
    `micro ${plan.microBatch}`,
    `recompute ${plan.recompute}`,
    plan.precision,
  ].join(", ");
}

function describeRival({ axis, chosen, best, ratio, because }: Rival): string {
  const what = `  ${axis} ${chosen}`.padEnd(24);
  if (best === undefined) return `${what}nothing else runs within the constraints`;
  const parts = because
    .map(({ part, share }) => `${part} +${(share * 100).toFixed(1)} %`)
    .join(", ");
  const worse = ratio - 1 < 5e-4 ? "as good" : `${((ratio - 1) * 100).toFixed(1)} % worse`;
  const why = parts === "" ? "" : ` (accelerator time: ${parts})`;
  return `${what}${worse.padEnd(14)}${describeDegrees(best.plan)}${why}`;
}

/** What owning and renting take to be equal. */
export function describeEvenness({ utilisation, years }: BreakEven): string {
  const share =
    utilisation === undefined
      ? "renting is cheaper even if they work all hours"
      : `owning is cheaper from ${(utilisation * 100).toFixed(0)} % of hours in use`;
  return years === undefined
    ? share
    : `${share}; what is paid for them is back after ${years.toFixed(1)} years`;
}

function nearest({ counts }: SearchAnswer): string {
  const bounds = Object.keys(counts.broken);
  if (bounds.length > 0)
    return `Loosen the bound on ${bounds.map((bound) => boundNames[bound] ?? bound).join(" or ")}.`;
  if (counts.memory > 0)
    return "Use more accelerators, a shorter sequence or a smaller precision: all plans lack memory.";
  return "Use a batch that more degrees divide, such as a power of two.";
}

function duration(seconds: number): string {
  if (seconds < 3_600) return `${(seconds / 60).toFixed(1)} min`;
  return seconds < 172_800
    ? `${(seconds / 3_600).toFixed(1)} h`
    : `${(seconds / 86_400).toFixed(1)} days`;
}

function compact(amount: number): string {
  return amount >= 1e6 ? `${(amount / 1e6).toPrecision(3)} M` : `${Math.round(amount)}`;
}
