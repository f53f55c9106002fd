import { chipsOf, type TrainingAnswer } from "../../planner/index.ts";
import { scaleCurve, type ScalePoint } from "../../planner/training/index.ts";
import type { PlanChart, PlanReport, Term } from "../../schema/index.ts";
import { summariseTraining } from "./describe-training.ts";
import type { OpenedJob } from "./train-input.ts";

/** What the page of a training plan shows. */
export function trainReport(
  opened: OpenedJob,
  answer: TrainingAnswer,
  made: { readonly sampanVersion: string; readonly date: string },
): PlanReport {
  const { model, cluster } = opened;
  const facts = summariseTraining(opened, answer);
  return {
    title: `${model.name} on ${cluster.name}`,
    answer: facts
      .map(({ label, value }) => `${label}: ${value}`)
      .slice(0, 2)
      .join(". "),
    facts,
    charts: [
      partsChart(answer.term, "step", "Where a step's time goes", "s"),
      partsChart(answer.term, "memory", "Memory of the fullest rank", "GiB"),
      ...scaleCharts(opened),
    ],
    term: answer.term,
    ...made,
  };
}

/** A term's parts, largest first. */
function partsChart(root: Term, id: string, heading: string, unit: "s" | "GiB"): PlanChart {
  const term = root.children.find((child) => child.id === id);
  const scale = unit === "GiB" ? 2 ** 30 : 1;
  const total = term?.value ?? 1;
  const bars = [...(term?.children ?? [])]
    .sort((a, b) => b.value - a.value)
    .map(({ label, value }) => ({
      label,
      value: value / scale,
      text: `${(value / scale).toPrecision(3)} ${unit}, ${((100 * value) / total).toFixed(0)} %`,
    }));
  const caption = `${heading}: ${(total / scale).toPrecision(4)} ${unit} in all.`;
  return { kind: "bars", heading, caption, unit, stacked: true, bars };
}

/** Rate and marginal return from an eighth of the accelerators to eight times as many. */
function scaleCharts({ job, group }: OpenedJob): PlanChart[] {
  const used = chipsOf(job.setup.plan);
  const counts = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8]
    .map((factor) => used * factor)
    .filter(Number.isInteger);
  const points = scaleCurve(job.setup, counts, job.circumstances, job.efficiency.table);
  if (points.length < 2) return [];
  const x = { label: "accelerators", log: true } as const;
  const first = points[0];
  const perFirst = first === undefined ? 0 : first.tokensPerSecond / first.accelerators;
  const rate = ({ accelerators, tokensPerSecond }: ScalePoint) => ({
    x: accelerators,
    y: tokensPerSecond,
  });
  return [
    {
      kind: "lines",
      heading: "Rate by accelerators",
      caption:
        "The same job and batch on more accelerators, each time with the quickest plan that fits; dashed, as if every one added as much as the first.",
      x,
      y: { label: "tokens/s", log: true },
      series: [
        { name: group.chip.id, points: points.map(rate) },
        {
          name: "in proportion",
          points: points.map(({ accelerators }) => ({
            x: accelerators,
            y: accelerators * perFirst,
          })),
        },
      ],
    },
    {
      kind: "lines",
      heading: "Marginal return of one more accelerator",
      caption: "Tokens per second that one accelerator more adds, at that size of the fleet.",
      x,
      y: { label: "tokens/s more", log: false },
      series: [
        {
          name: group.chip.id,
          points: points.flatMap(({ accelerators, marginal }) =>
            marginal === undefined ? [] : [{ x: accelerators, y: marginal }],
          ),
        },
      ],
    },
  ];
}
