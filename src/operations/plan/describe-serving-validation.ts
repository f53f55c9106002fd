import type { UnusableRow } from "../../planner/index.ts";
import {
  figureKinds,
  servingCoverage,
  servingErrors,
  type FigureKind,
  type ServingEfficiency,
  type ServingErrors,
  type ServingVerdict,
} from "../../planner/serving/index.ts";
import { describeUnusable, percent, signed } from "./describe-errors.ts";

/** What the report of serving figures is made from. */
export interface ServingValidation {
  readonly verdicts: readonly ServingVerdict[];
  readonly unusable: readonly UnusableRow[];
  readonly by: "group" | "chip" | "model" | "kind";
  readonly worst: number;
  readonly efficiency: ServingEfficiency;
}

const titles: Readonly<Record<FigureKind, string>> = {
  decode: "decode, time per token at a known concurrency (goal 8 %)",
  latency: "static batches, time of a request",
  burst: "saturation, time per output token of all requests at once (goal 10 %)",
  prefill: "prompts alone",
  first: "time to first token (measures queues and warm-up; not fitted to)",
};

const labelWidth = 42;

/** Errors by kind of figure, held out, beside the baselines; coverage; rows furthest off; rows not predicted. */
export function describeServingValidation(validation: ServingValidation): string {
  const { verdicts, unusable, by, worst, efficiency } = validation;
  if (verdicts.length === 0) {
    return ["No serving row can be predicted.", ...describeUnusable(unusable)].join("\n");
  }
  const judged = verdicts.filter(({ found }) => found.figure.kind !== "first");
  return [
    `Serving: ${verdicts.length} figures of ${new Set(verdicts.map(({ found }) => found.row.id)).size} rows predicted, ${unusable.length} rows not. Errors are of seconds.`,
    "",
    ...figureKinds.flatMap((kind) =>
      compare(
        kind,
        verdicts.filter(({ found }) => found.figure.kind === kind),
        efficiency,
      ),
    ),
    `80 % intervals cover ${percent(servingCoverage(judged))} (goal 75-85 %)`,
    "",
    `by ${by} (source left out)`.padEnd(labelWidth) + columns,
    ...breakDown(judged, by),
    "",
    "furthest off (source left out):",
    ...worstRows(judged, worst),
    ...describeUnusable(unusable),
  ].join("\n");
}

const columns = " rows     mean   median      p90     bias";

function compare(
  kind: FigureKind,
  verdicts: readonly ServingVerdict[],
  { holdOut }: ServingEfficiency,
): string[] {
  if (verdicts.length === 0) return [];
  const held = verdicts.filter(({ found }) => holdOut.without.includes(found.row.group));
  const lines: readonly (readonly [string, ServingErrors])[] = [
    ["planner, source left out", servingErrors(verdicts, ({ heldOut }) => heldOut)],
    ...(held.length === 0
      ? []
      : [["planner, fixed hold-out", servingErrors(held, ({ fixed }) => fixed)] as const]),
    ["planner, model left out", servingErrors(verdicts, ({ heldOutModel }) => heldOutModel)],
    ["planner, in sample", servingErrors(verdicts, ({ inSample }) => inSample)],
    ...(kind === "decode"
      ? [
          [
            "bandwidth rule x median of others",
            servingErrors(verdicts, ({ bandwidthRule }) => bandwidthRule),
          ] as const,
        ]
      : []),
    ["roofline (every share 1)", servingErrors(verdicts, ({ roofline }) => roofline)],
  ];
  return [
    titles[kind],
    " ".repeat(labelWidth) + columns,
    ...lines.map(([label, errors]) => lineOf(`  ${label}`, errors)),
    "",
  ];
}

function lineOf(label: string, { rows, mean, median, p90, bias }: ServingErrors): string {
  const cells = [percent(mean), percent(median), percent(p90), signed(bias)].map((cell) =>
    cell.padStart(9),
  );
  return `${label.slice(0, labelWidth - 1).padEnd(labelWidth - 1)}${String(rows).padStart(6)}${cells.join("")}`;
}

function breakDown(
  verdicts: readonly ServingVerdict[],
  by: ServingValidation["by"],
): readonly string[] {
  const groups = new Map<string, ServingVerdict[]>();
  for (const verdict of verdicts) {
    const { row, pass, figure } = verdict.found;
    const key = {
      group: `${row.group}, ${figure.kind}`,
      chip: `${pass.setup.chip.id}, ${figure.kind}`,
      model: row.model,
      kind: `${figure.kind}, ${pass.setup.weights}`,
    }[by];
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, members]) =>
      lineOf(
        key,
        servingErrors(members, ({ heldOut }) => heldOut),
      ),
    );
}

function worstRows(verdicts: readonly ServingVerdict[], count: number): readonly string[] {
  const size = ({ found, heldOut }: ServingVerdict): number =>
    Math.abs(Math.log(found.figure.seconds / heldOut));
  return [...verdicts]
    .sort((a, b) => size(b) - size(a))
    .slice(0, count)
    .map(({ found, heldOut }) => {
      const error = signed(heldOut / found.figure.seconds - 1).padStart(9);
      return `  ${error}  ${found.figure.kind.padEnd(8)} ${found.row.id}`;
    });
}
