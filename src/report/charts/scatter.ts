import type { Assessment } from "../../schema/index.ts";
import {
  currencySign,
  formatLevel,
  formatMoney,
  formatShare,
  formatSignificant,
} from "../format.ts";
import { byCost } from "../detailed.ts";
import type { Markup } from "../markup.ts";
import type { Page } from "../page.ts";
import { clipMiddle, textWidth } from "../text-width.ts";
import { besidePoint, placeLabels, type Box } from "./place-labels.ts";

const margins = { marginLeft: 46, marginRight: 20, marginTop: 24, marginBottom: 42 } as const;

/** Accuracy against cost, one point per variant with both intervals; `width` in pixels. */
export function drawScatter(page: Page, given: readonly Assessment[], width: number): Markup {
  // The detailed variant is labelled first, so that its label stands best.
  const variants = given.toSorted((a, b) => rankOf(page, a) - rankOf(page, b) || byCost(a, b));
  const { draw } = page.pen;
  const height = width < 500 ? 380 : 440;
  const byHand = page.data.task.prices.escalation * 1000;
  const x = costScale(page, variants, byHand, width);
  const y = accuracyScale(variants, height);
  const labels = labelMarks(page, variants, { x, y, width, height });
  return draw(
    {
      width,
      height,
      ...margins,
      x,
      y: { domain: y.domain, range: y.range, label: null },
      marks: [
        ...axisMarks(page, x.ticks, y.ticks),
        byHand <= 0 ? null : byHandMarks(page, byHand),
        ...intervalMarks(page, variants),
        ...labels.map(({ leader }) => leader),
        ...dotMarks(page, variants),
        ...labels.map(({ text }) => text),
      ],
      r: { type: "identity" },
    },
    {
      id: `scatter-${width}`,
      title: "Accuracy against cost per 1,000 correct transactions",
      description: variants
        .map(
          (a) =>
            `${a.variant.label}: ${formatMoney(a.cost.value, page.currency)}, ${formatShare(a.accuracy.value)}`,
        )
        .join("; "),
    },
  );
}

function axisMarks(
  { pen: { Plot }, currency }: Page,
  costs: readonly number[],
  shares: readonly { readonly share: number; readonly at: number }[],
) {
  const levels = shares.map(({ at }) => at);
  return [
    Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: levels }),
    Plot.axisY({
      ticks: levels,
      tickSize: 0,
      tickFormat: (_: number, i: number) => formatLevel(shares[i]?.share ?? 0),
      label: null,
    }),
    Plot.axisX({
      ticks: [...costs],
      tickSize: 4,
      tickFormat: (value: number) => `${currencySign(currency)}${formatSignificant(value, 1)}`,
      label: `Cost per 1,000 correct transactions, ${currency}`,
      labelAnchor: "center",
      labelArrow: "none",
    }),
    Plot.text(["Accuracy, every answer taken"], {
      frameAnchor: "top-left",
      dy: -20,
      dx: -40,
      fill: "var(--soft)",
    }),
  ];
}

function byHandMarks({ pen: { Plot } }: Page, byHand: number) {
  return [
    Plot.ruleX([byHand], { stroke: "var(--soft)", strokeDasharray: "2 3" }),
    Plot.text(["by hand"], {
      x: byHand,
      frameAnchor: "top",
      dy: 4,
      dx: -4,
      textAnchor: "end",
      fill: "var(--soft)",
    }),
  ];
}

function intervalMarks({ pen: { Plot } }: Page, variants: readonly Assessment[]) {
  const interval = { stroke: "var(--accent)", strokeOpacity: 0.3, strokeWidth: 1.5 } as const;
  return [
    Plot.ruleX(variants, {
      x: cost,
      y1: (a: Assessment) => heightOf(a, a.accuracy.low),
      y2: (a: Assessment) => heightOf(a, a.accuracy.high),
      ...interval,
    }),
    Plot.ruleY(variants, {
      y: accuracy,
      x1: (a: Assessment) => a.cost.low,
      x2: (a: Assessment) => a.cost.high,
      ...interval,
    }),
  ];
}

/** Filled where the bar is passed; larger where the report looks closer. */
function dotMarks({ pen: { Plot }, detailed }: Page, variants: readonly Assessment[]) {
  const chosen = detailed?.variant.id;
  const dots = [
    { some: variants.filter((a) => !a.passes), fill: "var(--paper)" },
    { some: variants.filter((a) => a.passes), fill: "var(--accent)" },
  ];
  return dots.map(({ some, fill }) =>
    Plot.dot(some, {
      x: cost,
      y: accuracy,
      r: (a: Assessment) => (a.variant.id === chosen ? 7 : 4.5),
      fill,
      stroke: "var(--accent)",
      strokeWidth: 1.5,
    }),
  );
}

function rankOf(page: Page, { variant }: Assessment): number {
  return variant.id === page.detailed?.variant.id ? 0 : 1;
}

/** The table below has the whole name. */
function labelOf({ variant }: Assessment, width: number): string {
  return clipMiddle(variant.label, width < 500 ? 27 : 52);
}

const cost = (a: Assessment) => a.cost.value;
const accuracy = (a: Assessment) => heightOf(a, a.accuracy.value);

/** Logarithm of the share that is wrong, upside down: as far from 90 to 95% as from 95 to 97.5%. */
function heightOf(a: Assessment, share: number): number {
  return -Math.log10(Math.max(1 - share, 0.5 / Math.max(1, a.records)));
}

const accuracyTicks = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999];

/** Logarithmic: costs differ by factors. Ticks at 1, 2 and 5 times powers of ten. */
function costScale(page: Page, variants: readonly Assessment[], byHand: number, width: number) {
  const all = variants.flatMap(({ cost: c }) => [c.low, c.high, c.value]).filter((c) => c > 0);
  if (byHand > 0) all.push(byHand);
  const [low, high] = [Math.min(...all) / 1.08, Math.max(...all) * 1.08];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    ticks.push(...[1, 2, 5].map((step) => step * 10 ** power));
  }
  return {
    type: "log" as const,
    domain: [low, high],
    range: [margins.marginLeft, width - margins.marginRight],
    ticks: ticks.filter((tick) => tick >= low && tick <= high),
  };
}

function accuracyScale(variants: readonly Assessment[], height: number) {
  const heights = variants.flatMap((a) => [
    heightOf(a, a.accuracy.low),
    heightOf(a, a.accuracy.high),
  ]);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const room = Math.max(0.02, (high - low) * 0.06);
  const domain = [Math.max(0, low - room), high + room];
  const ticks = accuracyTicks.map((share) => ({ share, at: -Math.log10(1 - share) }));
  return {
    domain,
    range: [height - margins.marginBottom, margins.marginTop],
    ticks: ticks.filter(({ at }) => at >= (domain[0] ?? 0) && at <= (domain[1] ?? 0)),
  };
}

function labelMarks(
  page: Page,
  variants: readonly Assessment[],
  frame: {
    readonly x: ReturnType<typeof costScale>;
    readonly y: { readonly domain: readonly number[]; readonly range: readonly number[] };
    readonly width: number;
    readonly height: number;
  },
) {
  const { Plot } = page.pen;
  const [scaleX, scaleY] = [
    Plot.scale({ x: frame.x }),
    Plot.scale({ y: { ...frame.y, domain: [...frame.y.domain], range: [...frame.y.range] } }),
  ];
  const points = variants.map((a) => ({
    x: Number(scaleX.apply(a.cost.value)),
    y: Number(scaleY.apply(accuracy(a))),
    width: textWidth(labelOf(a, frame.width)) * 6.6,
  }));
  const lines = variants.flatMap((a, i) => intervalBoxes(a, points[i], scaleX, scaleY));
  const places = placeLabels(points, frame, lines);
  return variants.map((a, i) => {
    const place = places[i] ?? besidePoint;
    const weight = a.variant.id === page.detailed?.variant.id ? 600 : 400;
    const at = { x: cost, y: accuracy } as const;
    return {
      leader: place.leader
        ? Plot.vector([a], {
            ...at,
            length: Math.hypot(place.dx, place.dy),
            rotate: (Math.atan2(place.dx, -place.dy) * 180) / Math.PI,
            anchor: "start",
            shape: lineShape,
            stroke: "var(--soft)",
            strokeWidth: 0.75,
          })
        : null,
      text: Plot.text([a], {
        ...at,
        dx: place.dx,
        dy: place.dy,
        textAnchor: place.anchor,
        text: () => labelOf(a, frame.width),
        fontWeight: weight,
        stroke: "var(--paper)",
        strokeWidth: 3,
        fill: "var(--ink)",
      }),
    };
  });
}

type Scale = { apply(value: number): unknown };

/** The two interval bars of a point, as boxes. */
function intervalBoxes(
  a: Assessment,
  point: { readonly x: number; readonly y: number } | undefined,
  scaleX: Scale,
  scaleY: Scale,
): Box[] {
  if (point === undefined) return [];
  const [left, right] = [a.cost.low, a.cost.high].map((value) => Number(scaleX.apply(value)));
  const [bottom, top] = [a.accuracy.low, a.accuracy.high].map((share) =>
    Number(scaleY.apply(heightOf(a, share))),
  );
  return [
    { left: left ?? 0, right: right ?? 0, top: point.y - 1, bottom: point.y + 1 },
    { left: point.x - 1, right: point.x + 1, top: top ?? 0, bottom: bottom ?? 0 },
  ];
}

const lineShape = {
  draw(
    context: { moveTo(x: number, y: number): void; lineTo(x: number, y: number): void },
    length: number,
  ) {
    context.moveTo(0, 0);
    context.lineTo(0, -length);
  },
};
