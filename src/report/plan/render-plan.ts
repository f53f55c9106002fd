import type { Constant, PlanReport, Term } from "../../schema/index.ts";
import { markup, type Markup } from "../markup.ts";
import { heads, picture, section, table } from "../page.ts";
import { loadPen, type Pen } from "../plot.ts";
import { style } from "../style.ts";
import { drawChart } from "./draw-chart.ts";

/**
 * One HTML file of a plan that needs nothing else: no script, no font, no request. The same data give the same bytes.
 * Throws `dependency-missing` when the chart library is not installed.
 */
export async function renderPlan(report: PlanReport): Promise<string> {
  return `<!doctype html>\n${documentOf(report, await loadPen()).text}`;
}

function documentOf(report: PlanReport, pen: Pen): Markup {
  return markup`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${report.title}: Sampan plan</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${report.title}</h1>
<p>${report.answer}</p>
${factsTable(report)}
${report.charts.map((chart, index) => chartSection(pen, chart, index))}
${report.term === undefined ? undefined : termSection(report.term)}
</main>
<footer><p>Made by Sampan ${report.sampanVersion}, ${report.date}. This file needs no network and contains no script.</p></footer>
</body>
</html>
`;
}

function factsTable({ facts }: PlanReport): Markup | undefined {
  if (facts.length === 0) return undefined;
  return table({
    caption: "In short",
    head: heads("<", "<"),
    rows: facts.map(
      ({
        label,
        value,
      }) => markup`<tr><th scope="row">${label}</th><td class="text">${value}</td></tr>
`,
    ),
  });
}

function chartSection(pen: Pen, chart: PlanReport["charts"][number], index: number): Markup {
  const id = `chart-${index + 1}`;
  return section(
    id,
    chart.heading,
    picture(drawChart(pen, chart, `${id}-picture`), { caption: chart.caption }),
  );
}

/** The whole tree: a row for each term, and below it the constants that the formulas took. */
function termSection(root: Term): Markup {
  const terms = flatten(root, 0);
  const constants = uniqueConstants(terms.map(({ term }) => term));
  return section(
    "terms",
    "Where each number comes from",
    table({
      caption: "Terms: each is the sum of those indented below it, or follows from its law",
      head: heads("<term", "value", "<80 % interval", "<law"),
      rows: terms.map(
        ({
          term,
          depth,
        }) => markup`<tr><th scope="row">${"\u2003".repeat(depth)}${term.label}</th><td>${amount(term.value, term.unit)}</td><td class="text">${interval(term)}</td><td class="text">${term.formula}</td></tr>
`,
      ),
    }),
    table({
      caption: "Constants: measured, interpolated, from a datasheet, or a prior that someone set",
      head: heads("<constant", "value", "<range", "<how sure", "<source"),
      rows: constants.map(
        (
          constant,
        ) => markup`<tr><th scope="row">${constant.name}</th><td>${amount(constant.value, constant.unit)}</td><td class="text">${interval(constant)}</td><td class="text">${constant.provenance}, ${constant.date}</td><td class="text">${constant.source}</td></tr>
`,
      ),
    }),
  );
}

function flatten(term: Term, depth: number): { readonly term: Term; readonly depth: number }[] {
  return [{ term, depth }, ...term.children.flatMap((child) => flatten(child, depth + 1))];
}

function uniqueConstants(terms: readonly Term[]): readonly Constant[] {
  const seen = new Map<string, Constant>();
  for (const constant of terms.flatMap(({ constants }) => constants)) {
    if (!seen.has(constant.name)) seen.set(constant.name, constant);
  }
  return [...seen.values()];
}

function interval(value: {
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly unit: string;
}): string {
  if (value.low === undefined || value.high === undefined) return "";
  return `${amount(value.low, value.unit)} to ${amount(value.high, value.unit)}`;
}

/** Four digits, with the prefix that keeps them readable. */
function amount(value: number, unit: string): string {
  if (unit === "s" && value >= 172_800) return `${(value / 86_400).toPrecision(4)} days`;
  const [scale, prefix] = scales.find(([least]) => Math.abs(value) >= least) ?? [1, ""];
  const known = ["B", "B/s", "FLOP/s", "tokens", "W"].includes(unit);
  return known
    ? `${(value / scale).toPrecision(4)} ${prefix}${unit}`
    : `${Number(value.toPrecision(4))} ${unit}`;
}

const scales = [
  [1e15, "P"],
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;
