import type { RowVerdict } from "./validate-training.ts";

/** Rows of one source that differ in their plan only, and how well predictions order them. */
export interface SweepOrder {
  readonly sweep: string;
  readonly rows: number;
  /** Spearman's rank correlation of predicted and measured rates. */
  readonly correlation: number;
}

/** Fewer rows than this order by chance too often. */
const enough = 5;

/** Rank correlation inside each published sweep: same source, model, chip and recipe. */
export function rankOrders(verdicts: readonly RowVerdict[]): readonly SweepOrder[] {
  const sweeps = new Map<string, RowVerdict[]>();
  for (const verdict of verdicts) {
    const { row, setup } = verdict.found;
    const key = `${row.group}, ${row.model}, ${setup.chip.id}, ${setup.plan.precision}, ${setup.plan.sequence}`;
    sweeps.set(key, [...(sweeps.get(key) ?? []), verdict]);
  }
  return (
    [...sweeps.entries()]
      .filter(([, members]) => members.length >= enough)
      .map(([sweep, members]) => ({
        sweep,
        rows: members.length,
        correlation: spearman(
          members.map(({ heldOut }) => heldOut),
          members.map(({ found }) => found.measured),
        ),
      }))
      // A sweep whose rows hardly differ orders nothing: noise of a few per cent is larger.
      .filter(({ correlation }) => Number.isFinite(correlation))
  );
}

/** Spearman's rank correlation; ties share their mean rank. NaN where one side has no spread. */
export function spearman(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [ranks(left), ranks(right)];
  const middle = (a.length - 1) / 2;
  let [product, squaresLeft, squaresRight] = [0, 0, 0];
  a.forEach((rank, index) => {
    const [x, y] = [rank - middle, (b[index] ?? 0) - middle];
    product += x * y;
    squaresLeft += x * x;
    squaresRight += y * y;
  });
  return product / Math.sqrt(squaresLeft * squaresRight);
}

function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((x, y) => x - y);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2);
}
