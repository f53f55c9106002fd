import { styleText } from "node:util";
import type { Assessment, ReportData } from "../schema/index.ts";
import { byCost, capitaliseLabels, detailedAssessment, winningAssessment } from "./detailed.ts";
import { formatFigure, formatLevel, formatRange, formatShare } from "./format.ts";
import { visibleText } from "./markup.ts";
import { clip, clipMiddle, pad, textWidth } from "./text-width.ts";

interface TextSummaryOptions {
  /** Columns of the terminal; lines that are meant to be copied may be longer. */
  readonly width: number;
  readonly colour: boolean;
}

type Style = "bold" | "dim" | "green" | "red";
type Paint = (style: Style, text: string) => string;

interface Column {
  readonly head: string;
  readonly side: "left" | "right";
  readonly cell: (a: Assessment) => string;
  /** Left out first when the terminal is narrow; 0 stays. */
  readonly spare: number;
}

/** The last lines of a build: winner, every variant with its cost, report, and the line to try. */
export function renderTextSummary(given: ReportData, options: TextSummaryOptions): string {
  const data = capitaliseLabels(given);
  const paint: Paint = (style, text) =>
    options.colour ? styleText(style, text, { validateStream: false }) : text;
  const width = Math.max(40, Math.min(100, options.width));
  return [
    ...answerLines(data, width, paint),
    "",
    ...tableLines(data, width, paint),
    "",
    ...whereLines(data, paint),
    "",
  ].join("\n");
}

function answerLines(data: ReportData, width: number, paint: Paint): string[] {
  const { task, selection } = data;
  const winner = winningAssessment(data);
  const a = winner ?? detailedAssessment(data);
  if (a === undefined) return [paint("bold", `${task.name}: no variant was evaluated`)];
  const money = (value: number) => formatFigure(value, "money", task.prices.currency);
  const bar = `the bar asks ${formatLevel(task.acceptance.accuracy)}`;
  const name = one(a.variant.label);
  const [mark, heading] =
    winner === undefined
      ? [paint("red", "✕"), `${task.name}: no variant passes the bar; shown: ${name}`]
      : [paint("green", "✓"), `${task.name}: ${name}`];
  const title = `${mark} ${paint("bold", clip(heading, width - 2))}`;
  const { cost, accuracy, straightThrough, answeredAccuracy } = a;
  const sentences = [
    `${money(cost.value)} per 1,000 correct transactions (${formatRange(cost.low, cost.high, "money", task.prices.currency)})`,
    `accuracy ${formatShare(accuracy.value)} (${formatRange(accuracy.low, accuracy.high, "share", "")}) on ${a.records} held-out records`,
    straightThrough.value > 0
      ? `${formatShare(straightThrough.value)} straight through, ${formatShare(answeredAccuracy.value)} of those correct; ${bar}`
      : `no answer is sure enough to go straight through; ${bar}`,
    one(selection.reason),
  ];
  const lines = sentences.flatMap((sentence) => wrap(sentence, width - 2));
  return [title, ...lines.map((line) => `  ${line}`)];
}

function tableLines(data: ReportData, width: number, paint: Paint): string[] {
  const variants = [...data.selection.assessments].sort(byCost);
  if (variants.length === 0) return ["  No variant was evaluated."];
  const all = columnsOf(data);
  let columns = all;
  const widths = (some: readonly Column[]) =>
    some.map(({ head, cell }) => Math.max(...[head, ...variants.map(cell)].map(textWidth)));
  const total = (some: readonly Column[]) =>
    widths(some).reduce((sum, columnWidth) => sum + columnWidth + 2, 0);
  for (const { spare } of [...all].sort((a, b) => b.spare - a.spare)) {
    if (spare === 0 || total(columns) <= width) break;
    columns = columns.filter((column) => column.spare !== spare);
  }
  const over = Math.max(0, total(columns) - width);
  const fitted = widths(columns).map((columnWidth, i) =>
    i === 0 ? columnWidth - over : columnWidth,
  );
  const line = (texts: readonly string[]) =>
    columns
      .map(({ side }, i) => pad(clipMiddle(texts[i] ?? "", fitted[i] ?? 0), fitted[i] ?? 0, side))
      .join("  ")
      .trimEnd();
  return [
    `  ${paint("dim", line(columns.map(({ head }) => head)))}`,
    ...variants.map((a) => {
      const text = line(columns.map(({ cell }) => cell(a)));
      const won = a.variant.id === data.selection.winner;
      return won ? `${paint("green", "›")} ${paint("bold", text)}` : `  ${text}`;
    }),
  ];
}

function columnsOf({ task }: ReportData): readonly Column[] {
  const { currency } = task.prices;
  const money = (value: number) => formatFigure(value, "money", currency);
  return [
    { head: "variant", side: "right", spare: 0, cell: (a) => clipMiddle(one(a.variant.label), 34) },
    { head: "per 1,000 correct", side: "left", spare: 0, cell: (a) => money(a.cost.value) },
    {
      head: "interval",
      side: "left",
      spare: 3,
      cell: (a) => formatRange(a.cost.low, a.cost.high, "money", currency),
    },
    { head: "accuracy", side: "left", spare: 1, cell: (a) => formatShare(a.accuracy.value) },
    { head: "straight", side: "left", spare: 2, cell: (a) => formatShare(a.straightThrough.value) },
    {
      head: "p95",
      side: "left",
      spare: 4,
      cell: (a) => formatFigure(a.resources.latencyP95, "milliseconds", currency),
    },
    { head: "passes", side: "right", spare: 0, cell: (a) => (a.passes ? "yes" : "no") },
  ];
}

/** Paths and commands stand whole, to be copied. */
function whereLines({ run }: ReportData, paint: Paint): string[] {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ["report", run.reportPath],
    ["bundle", run.bundlePath],
    ["try it", run.tryLine],
  ];
  return lines.flatMap(([name, text]) =>
    text === undefined ? [] : [`  ${paint("dim", name)}  ${one(text)}`],
  );
}

/** One line, nothing that could move the cursor. */
function one(text: string): string {
  return visibleText(text).replace(/\s+/g, " ").trim();
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((whole) => chunks(whole, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (textWidth(longer) <= width || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** A word that is wider than a line (or a script without spaces), cut into pieces that fit. */
function chunks(word: string, width: number): string[] {
  if (textWidth(word) <= width) return [word];
  const pieces = [""];
  for (const character of word) {
    const piece = pieces.at(-1) ?? "";
    if (textWidth(piece + character) <= width) pieces[pieces.length - 1] = piece + character;
    else pieces.push(character);
  }
  return pieces;
}
