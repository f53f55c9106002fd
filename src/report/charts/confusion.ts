import type { Confusion } from "../../schema/index.ts";
import type { Markup } from "../markup.ts";
import type { Page } from "../page.ts";
import { clip } from "../text-width.ts";

/** More rows than this are unreadable; only the classes with the most mistakes are drawn then. */
const mostClasses = 30;

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly count: number;
  readonly share: number;
}

/** Expected class by row, answered class by column, both by number; `width` in pixels. */
export function drawConfusion(page: Page, confusion: Confusion, width: number): Markup {
  const { Plot, draw } = page.pen;
  const shown = drawnClasses(confusion);
  const narrow = width < 500;
  const names = narrow ? 26 : 330;
  const side = Math.min(34, (width - names - 6) / shown.length);
  const cells = cellsOf(confusion, shown);
  const label = (i: number) =>
    narrow ? String(i + 1) : `${clip(confusion.labels[i] ?? "", 43)}  ${i + 1}`;
  const paper = (cell: Cell) => cell.share > 0.6;
  const text = { x: "column", y: "row", text: "count", fontSize: Math.min(12, side / 2) } as const;
  return draw(
    {
      width: Math.ceil(names + 6 + side * shown.length),
      height: Math.ceil(28 + side * shown.length),
      marginLeft: names,
      marginRight: 6,
      marginTop: 24,
      marginBottom: 4,
      x: { domain: shown, axis: null, padding: 0.06 },
      y: { domain: shown, axis: null, padding: 0.06 },
      marks: [
        Plot.axisY({ tickSize: 0, label: null, tickFormat: label, fontSize: narrow ? 9 : 12 }),
        Plot.axisX({
          anchor: "top",
          tickSize: 0,
          label: null,
          tickFormat: (i: number) => String(i + 1),
          fontSize: narrow ? 8 : 11,
        }),
        Plot.cell(cells, {
          x: "column",
          y: "row",
          fill: "var(--accent)",
          fillOpacity: ({ count, share }: Cell) => (count === 0 ? 0.05 : 0.16 + 0.84 * share),
        }),
        Plot.text(
          cells.filter((cell) => cell.count > 0 && !paper(cell)),
          { ...text, fill: "var(--ink)" },
        ),
        Plot.text(
          cells.filter((cell) => cell.count > 0 && paper(cell)),
          { ...text, fill: "var(--paper)" },
        ),
      ],
      opacity: { type: "identity" },
    },
    {
      id: `confusion-${width}`,
      title: "Confusion matrix: expected class by row, answered class by column",
      description: `${shown.length} classes; the table below has the same counts per class.`,
    },
  );
}

/** Indices of the classes that are drawn, in label order. */
export function drawnClasses({ labels, counts }: Confusion): number[] {
  const all = labels.map((_, i) => i);
  if (all.length <= mostClasses) return all;
  const wrong = all.map((i) =>
    all.reduce(
      (sum, j) => (i === j ? sum : sum + (counts[i]?.[j] ?? 0) + (counts[j]?.[i] ?? 0)),
      0,
    ),
  );
  return all
    .sort((a, b) => (wrong[b] ?? 0) - (wrong[a] ?? 0) || a - b)
    .slice(0, mostClasses)
    .sort((a, b) => a - b);
}

function cellsOf({ counts }: Confusion, shown: readonly number[]): Cell[] {
  return shown.flatMap((row) => {
    const total = (counts[row] ?? []).reduce((a, b) => a + b, 0);
    return shown.map((column): Cell => {
      const count = counts[row]?.[column] ?? 0;
      return { row, column, count, share: total === 0 ? 0 : count / total };
    });
  });
}
