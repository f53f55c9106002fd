import type { WaterfallStep } from "../../schema/index.ts";
import type { Markup } from "../markup.ts";
import { money, type Page } from "../page.ts";
import { clip } from "../text-width.ts";

interface Bar {
  readonly row: number;
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly kind: "total" | "saving" | "increase";
  readonly text: string;
}

/** Bars from the untouched base to the winner; `width` in pixels. Steps must have finite costs. */
export function drawWaterfall(page: Page, steps: readonly WaterfallStep[], width: number): Markup {
  const { Plot, draw } = page.pen;
  const bars = barsOf(page, steps);
  const rows = bars.map(({ row }) => row);
  const marginRight = width < 500 ? 96 : 170;
  const left = { x: 0, textAnchor: "start", y: "row", dy: -10 } as const;
  const connectors = bars.slice(0, -1).map(({ row, to }) => ({ row, next: row + 1, to }));
  return draw(
    {
      width,
      height: bars.length * 50 + 8,
      marginLeft: 1,
      marginRight,
      marginTop: 4,
      marginBottom: 4,
      x: { axis: null, domain: [0, Math.max(...bars.flatMap(({ from, to }) => [from, to]), 1e-9)] },
      y: { axis: null, domain: rows, padding: 0 },
      marks: [
        Plot.ruleX(connectors, {
          x: "to",
          y1: "row",
          y2: "next",
          stroke: "var(--rule)",
          insetTop: 42,
          insetBottom: 26,
        }),
        ...(["total", "saving", "increase"] as const).map((kind) =>
          Plot.barX(
            bars.filter((bar) => bar.kind === kind),
            { x1: "from", x2: "to", y: "row", insetTop: 24, insetBottom: 8, ...looks[kind] },
          ),
        ),
        Plot.ruleX([0], { stroke: "var(--soft)" }),
        Plot.text(bars, {
          ...left,
          dx: 6,
          text: ({ label }: Bar) => clip(label, width / 6.6),
          stroke: "var(--paper)",
          strokeWidth: 4,
          fill: "var(--ink)",
        }),
        Plot.text(bars, {
          x: ({ from, to }: Bar) => Math.max(from, to),
          y: "row",
          text: "text",
          textAnchor: "start",
          dx: 8,
          dy: 9,
          fontWeight: 600,
        }),
      ],
    },
    {
      id: `waterfall-${width}`,
      title: "Cost per 1,000 correct transactions, step by step",
      description: bars.map(({ label, text }) => `${label}: ${text}`).join("; "),
    },
  );
}

const looks = {
  total: { fill: "var(--accent)" },
  saving: { fill: "var(--accent)", fillOpacity: 0.35 },
  increase: { fill: "var(--paper)", stroke: "var(--ink)", strokeDasharray: "3 2" },
} as const;

/** A step's name with the variant whose cost it is, where the name does not say it. */
export function stepLabel(
  page: Page,
  { label, variant }: Pick<WaterfallStep, "label" | "variant">,
): string {
  const found = page.data.selection.assessments.find((a) => a.variant.id === variant);
  const name = found?.variant.label;
  return name === undefined || name.startsWith(label) || label.includes(name)
    ? (name ?? label)
    : `${label}: ${name}`;
}

function barsOf(page: Page, steps: readonly WaterfallStep[]): Bar[] {
  const bars = steps.map(({ cost, difference, ...step }, row): Bar => {
    const label = stepLabel(page, step);
    const from = row === 0 ? 0 : cost - difference;
    const kind = row === 0 ? "total" : difference > 0 ? "increase" : "saving";
    const sign = difference > 0 ? "+" : "";
    const text = row === 0 ? money(page, cost) : `${sign}${money(page, difference)}`;
    return { row, label, from, to: cost, kind, text };
  });
  const last = steps.at(-1);
  if (last === undefined || steps.length === 1) return bars;
  const name = page.detailed?.variant.label ?? last.label;
  const label = page.winner === undefined ? name : `Winner: ${name}`;
  return [
    ...bars,
    {
      row: bars.length,
      label,
      from: 0,
      to: last.cost,
      kind: "total",
      text: money(page, last.cost),
    },
  ];
}
