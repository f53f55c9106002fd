import { mean, quantile } from "../../kernel/index.ts";
import {
  coverageOf,
  summariseErrors,
  timeError,
  type Efficiency,
  type ErrorSummary,
  type RowVerdict,
  type UnusableRow,
} from "../../planner/index.ts";
import { rankOrders, type MemoryVerdict } from "../../planner/rows/index.ts";
import { describeUnusable, percent, signed } from "./describe-errors.ts";

/** What the report of a validation is made from. */
export interface Validation {
  readonly verdicts: readonly RowVerdict[];
  readonly memory: readonly MemoryVerdict[];
  readonly unusable: readonly UnusableRow[];
  readonly by: "group" | "chip" | "model" | "kind";
  readonly worst: number;
  readonly efficiency: Efficiency;
}

/** The table that a terminal shows: errors held out by source beside the baselines, coverage, worst rows. */
export function describeValidation(validation: Validation): string {
  const { verdicts, unusable, by, worst, efficiency } = validation;
  if (verdicts.length === 0)
    return ["No training row can be predicted.", ...describeUnusable(unusable)].join("\n");
  const dense = verdicts.filter(({ found }) => !found.sparse);
  const sparse = verdicts.filter(({ found }) => found.sparse);
  return [
    `Training: ${verdicts.length} rows predicted, ${unusable.length} not. Errors are of step time, |predicted / measured - 1|.`,
    "Coefficients are fitted without the row's source (or model), so no row is judged by a fit that saw it, but for the line in sample.",
    "",
    ...compare("dense", dense, "goal 8 %"),
    ...compare("mixture of experts", sparse, "goal 15 %"),
    ...holdOutLines(verdicts, efficiency),
    `80 % intervals cover ${percent(coverageOf(verdicts))} (dense ${cover(dense)}, experts ${cover(sparse)}; goal 75-85 %)`,
    "",
    `by ${by} (source left out)`.padEnd(labelWidth) + columns,
    ...breakDown(verdicts, by).map(lineOf),
    "",
    "furthest off (source left out):",
    ...worstRows(verdicts, worst),
    ...describeOrder(verdicts),
    ...describeMemory(validation.memory),
    ...describeUnusable(unusable),
  ].join("\n");
}

/** How well plans inside one source's sweep are ordered: what a search relies on. */
function describeOrder(verdicts: readonly RowVerdict[]): string[] {
  const sweeps = rankOrders(verdicts);
  if (sweeps.length === 0) return [];
  const correlations = sweeps.map(({ correlation }) => correlation);
  const rows = sweeps.reduce((sum, sweep) => sum + sweep.rows, 0);
  const weighted = sweeps.reduce((sum, sweep) => sum + sweep.rows * sweep.correlation, 0) / rows;
  return [
    "",
    `order inside ${sweeps.length} sweeps of 5 rows or more (goal 0.9): rank correlation mean ${weighted.toFixed(2)} by rows, median ${quantile(correlations, 0.5).toFixed(2)}`,
    ...[...sweeps]
      .sort((a, b) => b.rows - a.rows)
      .slice(0, 6)
      .map(
        ({ sweep, rows: count, correlation }) =>
          `  ${correlation.toFixed(2).padStart(5)}  ${count} rows of ${sweep}`,
      ),
  ];
}

function describeMemory(verdicts: readonly MemoryVerdict[]): string[] {
  if (verdicts.length === 0) return [];
  const errors = verdicts.map(({ measured, predicted }) => predicted / measured - 1);
  const sizes = errors.map(Math.abs);
  const furthest = verdicts[sizes.indexOf(Math.max(...sizes))];
  return [
    "",
    `memory per rank (goal 2 %): ${verdicts.length} rows, mean ${percent(mean(sizes))}, 90th percentile ${percent(quantile(sizes, 0.9))}, bias ${signed(quantile(errors, 0.5))}; furthest ${percent(Math.max(...sizes))}, ${furthest?.row.id ?? ""}`,
    "  (its laws were written while looking at these rows; nothing of it is fitted by a program)",
  ];
}

const labelWidth = 38;
const columns = " rows     mean   median      p90     bias";

function lineOf({ label, rows, mean, median, p90, bias }: ErrorSummary): string {
  const cells = [percent(mean), percent(median), percent(p90), signed(bias)].map((cell) =>
    cell.padStart(9),
  );
  return `${label.slice(0, labelWidth - 1).padEnd(labelWidth - 1)}${String(rows).padStart(6)}${cells.join("")}`;
}

function compare(title: string, verdicts: readonly RowVerdict[], goal: string): string[] {
  if (verdicts.length === 0) return [];
  const lines: readonly (readonly [string, (verdict: RowVerdict) => number])[] = [
    ["planner, source left out", ({ heldOut }) => heldOut],
    ["planner, model left out", ({ heldOutModel }) => heldOutModel],
    ["planner, in sample", ({ inSample }) => inSample],
    ["constant efficiency, other sources", ({ bySource }) => bySource],
    ["constant efficiency, other models", ({ byModel }) => byModel],
    ["roofline (peak of the products)", ({ roofline }) => roofline],
  ];
  return [
    `${title} (${goal})`.padEnd(labelWidth) + columns,
    ...lines.map(([label, pick]) => lineOf(summariseErrors(`  ${label}`, verdicts, pick))),
    "",
  ];
}

/** The fixed hold-out: a quarter of the sources, all left out at once. */
function holdOutLines(verdicts: readonly RowVerdict[], { holdOut }: Efficiency): string[] {
  const held = verdicts.filter(({ found }) => holdOut.without.includes(found.row.group));
  const dense = held.filter(({ found }) => !found.sparse);
  const sparse = held.filter(({ found }) => found.sparse);
  return [
    `fixed hold-out: ${holdOut.without.join(", ")}`.padEnd(labelWidth),
    ...[["  dense", dense] as const, ["  mixture of experts", sparse] as const].flatMap(
      ([label, rows]) =>
        rows.length === 0 ? [] : [lineOf(summariseErrors(label, rows, ({ fixed }) => fixed))],
    ),
    "",
  ];
}

function breakDown(verdicts: readonly RowVerdict[], by: Validation["by"]): ErrorSummary[] {
  const groups = new Map<string, RowVerdict[]>();
  for (const verdict of verdicts) {
    const { row, sparse, setup } = verdict.found;
    const key = {
      group: `${row.group}${sparse ? " (experts)" : ""}`,
      chip: setup.chip.id,
      model: row.model,
      kind: `${sparse ? "experts" : "dense"}, ${setup.plan.precision}`,
    }[by];
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, members]) => summariseErrors(key, members, ({ heldOut }) => heldOut));
}

function worstRows(verdicts: readonly RowVerdict[], count: number): string[] {
  return [...verdicts]
    .sort((a, b) => size(b) - size(a))
    .slice(0, count)
    .map(({ found, heldOut }) => {
      const assumed = found.assumed.length === 0 ? "" : ` (assumed: ${found.assumed.join("; ")})`;
      return `  ${signed(timeError(found, heldOut)).padStart(7)}  ${found.row.id}${assumed}`;
    });
}

function size({ found, heldOut }: RowVerdict): number {
  return Math.abs(Math.log(found.measured / heldOut));
}

function cover(verdicts: readonly RowVerdict[]): string {
  return verdicts.length === 0 ? "-" : percent(coverageOf(verdicts));
}
