import type { Assessment, LossCurve } from "../../schema/index.ts";
import {
  formatLevel,
  formatNumber,
  formatShare,
  formatSignificant,
  currencySign,
} from "../format.ts";
import type { Markup } from "../markup.ts";
import { money, type Page } from "../page.ts";

type CurvePoint = Assessment["thresholdCurve"][number];

/** One panel of the threshold curve: a measure against the threshold, the chosen one marked. */
export interface Panel {
  readonly measure: "straightThrough" | "accuracy" | "cost";
  readonly title: string;
  /** Level that the acceptance bar asks for. */
  readonly bar?: number;
}

const width = 330;
const height = 210;
const margins = { marginLeft: 44, marginRight: 14, marginTop: 14, marginBottom: 36 } as const;

/** A panel of the small multiples over the threshold. */
export function drawThresholdPanel(page: Page, a: Assessment, panel: Panel): Markup {
  const { Plot, draw } = page.pen;
  const value = (point: CurvePoint) => point[panel.measure];
  const curve = a.thresholdCurve.filter((point) => Number.isFinite(value(point)));
  const chosen = nearest(curve, a.threshold);
  return draw(
    {
      width,
      height,
      ...margins,
      x: { domain: [0, 1] },
      y: { domain: panelDomain(curve.map(value), panel), nice: panel.measure === "cost" },
      marks: [
        Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 4 }),
        Plot.axisY({ ticks: 4, tickSize: 0, label: null, tickFormat: tickOf(page, panel) }),
        Plot.axisX({
          ticks: [0, 0.25, 0.5, 0.75, 1],
          tickSize: 4,
          tickFormat: (v: number) => String(v),
          label: "Threshold (confidence)",
          labelAnchor: "center",
          labelArrow: "none",
        }),
        panel.bar === undefined ? null : barMarks(page, panel.bar),
        Plot.lineY(curve, { x: "threshold", y: value, stroke: "var(--accent)", strokeWidth: 2 }),
        chosen === undefined ? null : chosenMarks(page, curve, chosen, panel),
      ],
    },
    {
      id: `threshold-${panel.measure}`,
      title: `${panel.title} against the confidence threshold`,
      description: describe(curve, a.threshold, (point) =>
        formatMeasure(page, panel, value(point)),
      ),
    },
  );
}

function formatMeasure(page: Page, panel: Panel, value: number): string {
  return panel.measure === "cost" ? money(page, value) : formatShare(value);
}

/** The level of the acceptance bar, and its name. */
function barMarks({ pen: { Plot } }: Page, bar: number) {
  return [
    Plot.ruleY([bar], { stroke: "var(--soft)", strokeDasharray: "2 3" }),
    Plot.text([`bar ${formatLevel(bar)}`], {
      x: 0,
      y: bar,
      dx: 4,
      dy: 8,
      textAnchor: "start",
      fill: "var(--soft)",
    }),
  ];
}

/** The chosen threshold and what is measured there, its label where the curve leaves room. */
function chosenMarks(page: Page, curve: readonly CurvePoint[], chosen: CurvePoint, panel: Panel) {
  const { Plot } = page.pen;
  const value = (point: CurvePoint) => point[panel.measure];
  const right = chosen.threshold > 0.25;
  const above =
    panel.measure === "cost"
      ? value(chosen) < Math.max(...curve.map(value)) / 6
      : (panel.measure === "accuracy") === right;
  return [
    Plot.ruleX([chosen.threshold], { stroke: "var(--soft)" }),
    Plot.dot([chosen], { x: "threshold", y: value, r: 5, fill: "var(--accent)" }),
    Plot.text([chosen], {
      x: "threshold",
      y: value,
      text: (point: CurvePoint) => formatMeasure(page, panel, value(point)),
      dx: right ? -9 : 9,
      dy: above ? -12 : 14,
      textAnchor: right ? "end" : "start",
      fontWeight: 600,
      stroke: "var(--paper)",
      strokeWidth: 3,
      fill: "var(--ink)",
    }),
  ];
}

function nearest(curve: readonly CurvePoint[], threshold: number): CurvePoint | undefined {
  const away = (point: CurvePoint) => Math.abs(point.threshold - threshold);
  return [...curve].sort((a, b) => away(a) - away(b))[0];
}

function panelDomain(values: readonly number[], panel: Panel): [number, number] {
  if (panel.measure === "cost") return [0, Math.max(...values, 1e-9)];
  const low = Math.min(...values, panel.bar ?? 1);
  const floor = panel.measure === "accuracy" ? Math.floor(low * 20 - 0.2) / 20 : 0;
  return [Math.max(0, floor), 1];
}

function tickOf(page: Page, panel: Panel): (value: number) => string {
  if (panel.measure !== "cost") return (value) => `${Math.round(value * 100)}%`;
  const sign = currencySign(page.currency).trim();
  return (value) =>
    `${sign}${value >= 1000 ? `${formatSignificant(value / 1000, 2)}k` : formatSignificant(value, 1)}`;
}

function describe(
  curve: readonly CurvePoint[],
  chosen: number,
  format: (point: CurvePoint) => string,
): string {
  const ends = [curve[0], nearest(curve, chosen), curve.at(-1)].filter(
    (point) => point !== undefined,
  );
  return ends.map((point) => `${format(point)} at ${formatNumber(point.threshold, 3)}`).join("; ");
}

/** Said confidence against the share that was right; the diagonal is perfect. */
export function drawCalibration(page: Page, a: Assessment): Markup {
  const { Plot, draw } = page.pen;
  type Group = Assessment["calibration"][number];
  const largest = Math.max(...a.calibration.map(({ records }) => records), 1);
  return draw(
    {
      width: 400,
      height: 300,
      ...margins,
      x: { domain: [0, 1] },
      y: { domain: [0, 1] },
      r: { type: "identity" },
      marks: [
        Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 5 }),
        Plot.axisY({
          ticks: 5,
          tickSize: 0,
          label: null,
          tickFormat: (v: number) => `${Math.round(v * 100)}%`,
        }),
        Plot.axisX({
          ticks: 5,
          tickSize: 4,
          tickFormat: (v: number) => String(Math.round(v * 10) / 10),
          label: "Calibrated confidence",
          labelAnchor: "center",
          labelArrow: "none",
        }),
        Plot.line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: "var(--soft)", strokeDasharray: "2 3" },
        ),
        Plot.dot(a.calibration, {
          x: "confidence",
          y: "accuracy",
          r: ({ records }: Group) => 2.5 + 5 * Math.sqrt(records / largest),
          fill: "var(--accent)",
          fillOpacity: 0.75,
        }),
      ],
    },
    {
      id: "calibration-plot",
      title: "Confidence against accuracy",
      description: a.calibration
        .map(
          (g) =>
            `confidence ${formatNumber(g.confidence, 2)}: ${formatShare(g.accuracy)} right of ${g.records}`,
        )
        .join("; "),
    },
  );
}

/** Training and validation loss against the tokens seen. */
export function drawLoss(page: Page, losses: LossCurve): Markup {
  const { Plot, draw } = page.pen;
  return draw(
    {
      width: 400,
      height: 300,
      ...margins,
      marginRight: 66,
      y: { domain: [0, topLoss(losses)] },
      marks: [
        Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 5 }),
        Plot.axisY({
          ticks: 5,
          tickSize: 0,
          label: null,
          tickFormat: (v: number) => formatNumber(v, 1),
        }),
        Plot.axisX({
          ticks: 4,
          tickSize: 4,
          label: "Tokens trained on",
          labelAnchor: "center",
          labelArrow: "none",
          tickFormat: tokenTick,
        }),
        losses.kept === undefined
          ? null
          : Plot.ruleX([losses.kept], { stroke: "var(--soft)", strokeDasharray: "2 3" }),
        Plot.line(losses.train, { x: "tokens", y: "loss", stroke: "var(--soft)", strokeWidth: 1 }),
        Plot.line(losses.validation, {
          x: "tokens",
          y: "loss",
          stroke: "var(--accent)",
          strokeWidth: 2,
        }),
        Plot.dot(losses.validation, { x: "tokens", y: "loss", r: 3, fill: "var(--accent)" }),
        ...endLabels(page, losses),
      ],
    },
    {
      id: "loss-plot",
      title: "Loss against tokens",
      description: losses.validation
        .map(
          ({ tokens, loss }) =>
            `validation ${formatNumber(loss, 3)} at ${formatNumber(tokens, 0)} tokens`,
        )
        .join("; "),
    },
  );
}

/** The names of the two curves beside their ends, the upper one's above. */
function endLabels({ pen: { Plot } }: Page, losses: LossCurve) {
  const ends = [
    { ...losses.train.at(-1), name: "training" },
    { ...losses.validation.at(-1), name: "validation" },
  ].filter((end) => end.tokens !== undefined);
  const apart = ends.length < 2 || (ends[0]?.loss ?? 0) <= (ends[1]?.loss ?? 0);
  return ends.map(({ name }, i) =>
    Plot.text([ends[i]], {
      x: "tokens",
      y: "loss",
      text: () => name,
      textAnchor: "start",
      dx: 6,
      dy: (i === 0) === apart ? 6 : -6,
      fill: "var(--ink)",
    }),
  );
}

/** `150k`; below ten thousand the whole number, so that ticks differ. */
function tokenTick(tokens: number): string {
  return tokens < 10_000 ? formatNumber(tokens, 0) : `${formatNumber(tokens / 1000, 0)}k`;
}

/** The first steps of training may be far above the rest; they are cut rather than squeeze the curve. */
function topLoss({ train, validation }: LossCurve): number {
  const all = [...train, ...validation].map(({ loss }) => loss).filter(Number.isFinite);
  return Math.max(...all, 1e-9) * 1.02;
}
