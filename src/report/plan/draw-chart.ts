import { assertNever } from "../../kernel/index.ts";
import type { BarChart, ChartAxis, DotChart, LineChart, PlanChart } from "../../schema/index.ts";
import type { Markup } from "../markup.ts";
import type { Pen } from "../plot.ts";

const width = 720;
/** Colours of series that are told apart by sight and by their dash. */
const colours = ["var(--accent)", "var(--ink)", "var(--soft)"];
const dashes = ["", "6 3", "2 3", "8 3 2 3"];

/** Draws one chart of a plan; `id` is unique on the page. */
export function drawChart(pen: Pen, chart: PlanChart, id: string): Markup {
  switch (chart.kind) {
    case "bars":
      return drawBars(pen, chart, id);
    case "lines":
      return drawLines(pen, chart, id);
    case "dots":
      return drawDots(pen, chart, id);
    default:
      return assertNever(chart);
  }
}

function drawBars({ Plot, draw }: Pen, chart: BarChart, id: string): Markup {
  let reached = 0;
  const bars = chart.bars.map((bar, row) => {
    const from = chart.stacked ? reached : 0;
    reached = from + bar.value;
    return { ...bar, row, from, to: from + bar.value };
  });
  const rows = bars.map(({ row }) => row);
  return draw(
    {
      width,
      height: bars.length * 26 + 12,
      marginLeft: 290,
      marginRight: 100,
      marginTop: 4,
      marginBottom: 8,
      x: { axis: null, domain: [0, Math.max(...bars.map(({ to }) => to), 1e-30)] },
      y: { axis: null, domain: rows, padding: 0.25 },
      marks: [
        Plot.axisY({
          tickSize: 0,
          label: null,
          fontSize: 12,
          tickFormat: (row: number) => bars[row]?.label ?? "",
        }),
        Plot.barX(bars, { x1: "from", x2: "to", y: "row", fill: "var(--accent)" }),
        Plot.ruleX([0], { stroke: "var(--soft)" }),
        Plot.text(bars, {
          x: "to",
          y: "row",
          text: "text",
          textAnchor: "start",
          dx: 6,
          fontSize: 12,
          fill: "var(--ink)",
        }),
      ],
    },
    { id, title: chart.heading, description: chart.caption },
  );
}

function drawLines({ Plot, draw }: Pen, chart: LineChart, id: string): Markup {
  const marks = chart.series.flatMap(({ name, points }, index) => {
    const stroke = colours[index % colours.length] ?? "var(--ink)";
    const banded = points.filter(({ low, high }) => low !== undefined && high !== undefined);
    const last = points.at(-1);
    return [
      Plot.areaY(banded, { x: "x", y1: "low", y2: "high", fill: stroke, fillOpacity: 0.15 }),
      Plot.line(points, {
        x: "x",
        y: "y",
        stroke,
        strokeDasharray: dashes[index % dashes.length] ?? "",
      }),
      Plot.dot(points, { x: "x", y: "y", r: 2.5, fill: stroke }),
      Plot.text(last === undefined ? [] : [last], {
        x: "x",
        y: "y",
        text: () => name,
        dx: 6,
        textAnchor: "start",
        fontSize: 12,
        fill: "var(--ink)",
      }),
    ];
  });
  return draw(
    { ...frame(chart.x, chart.y), marginRight: 150, marks },
    { id, title: chart.heading, description: chart.caption },
  );
}

function drawDots({ Plot, draw }: Pen, chart: DotChart, id: string): Markup {
  const groups = [...new Set(chart.dots.map(({ group }) => group ?? ""))];
  const values = chart.dots.flatMap(({ x, y }) => [x, y]);
  const ends = [Math.min(...values), Math.max(...values)];
  const marks = [
    ...(chart.diagonal
      ? [
          Plot.line(
            ends.map((end) => [end, end] as [number, number]),
            { stroke: "var(--rule)" },
          ),
        ]
      : []),
    ...groups.map((group, index) =>
      Plot.dot(
        chart.dots.filter((dot) => (dot.group ?? "") === group),
        {
          x: "x",
          y: "y",
          r: 3,
          fill: index === 0 ? "var(--accent)" : "none",
          stroke: colours[index % colours.length] ?? "var(--ink)",
          fillOpacity: 0.6,
        },
      ),
    ),
    Plot.text(
      chart.dots.filter(({ named }) => named),
      {
        x: "x",
        y: "y",
        text: "label",
        dx: 6,
        textAnchor: "start",
        fontSize: 11,
        fill: "var(--ink)",
        stroke: "var(--paper)",
        strokeWidth: 3,
      },
    ),
  ];
  return draw(
    { ...frame(chart.x, chart.y), marginRight: 60, marks },
    { id, title: chart.heading, description: chart.caption },
  );
}

/** A log axis counts in plain numbers with thousands, as "100k". */
function frame(x: ChartAxis, y: ChartAxis): object {
  const axis = ({ label, log }: ChartAxis): object => ({
    label,
    ...(log ? { type: "log", tickFormat: "~s" } : {}),
    grid: true,
  });
  return { width, height: 380, marginLeft: 70, marginBottom: 44, x: axis(x), y: axis(y) };
}
