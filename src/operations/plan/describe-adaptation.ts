import type { AdaptationCost, AdaptationTax } from "../../planner/index.ts";

/** What the terminal shows of one group's adaptation tax. */
export function describeAdaptation(
  group: string,
  { years, month }: { readonly years: number; readonly month: number },
  tax: AdaptationTax,
  cost: AdaptationCost,
  range: readonly [number, number],
): string {
  const rows = tax.classes.map(
    ({ kind, share, ratio, low, high, from }) =>
      `  ${kind.padEnd(14)}${percent(share).padStart(9)}${ratio.toFixed(2).padStart(8)}   ${low.toFixed(2)} to ${high.toFixed(2)}   ${from}`,
  );
  const verdict =
    tax.ratio >= 1
      ? "No gap to close: the platform's software is level with the reference."
      : cost.effort === 0
        ? `Waiting costs least: ${dollars(cost.waiting)} of the fleet's cost are lost in ${years} years, less than an engineer would cost.`
        : `Cheapest effort: ${cost.effort.toFixed(0)} engineer-months at ${dollars(month)}, ${dollars(cost.effortCost)} in all; the gap then takes ${dollars(cost.lost)} instead of ${dollars(cost.waiting)} in ${years} years, and ends at ${percent(cost.gapAtEnd)}.`;
  return [
    `${group}: ${tax.platform}`,
    "  class         of step   ratio   80 % range     from",
    ...rows,
    `  ${"all of it".padEnd(14)}${"100 %".padStart(9)}${tax.ratio.toFixed(2).padStart(8)}   ${tax.low.toFixed(2)} to ${tax.high.toFixed(2)}`,
    `  ${verdict}`,
    `  Adaptation tax: ${dollars(cost.total)} over ${years} years (80 %: ${dollars(range[0])} to ${dollars(range[1])}).`,
  ].join("\n");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function dollars(amount: number): string {
  const [size, unit] =
    amount >= 1e6 ? [amount / 1e6, " M"] : amount >= 1e3 ? [amount / 1e3, " k"] : [amount, ""];
  return `${size.toPrecision(3)}${unit} USD`;
}
