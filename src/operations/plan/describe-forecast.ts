import type { LeverWorth, ScenarioForecast, Sensitivity } from "../../planner/strategy/index.ts";

interface Described {
  readonly scenarios: readonly ScenarioForecast[];
  readonly sensitivities: readonly Sensitivity[];
  readonly levers: readonly LeverWorth[];
  readonly settings: {
    readonly years: number;
    readonly draws: number;
    readonly seed: number;
    readonly top: number;
  };
}

/** What the terminal shows of a forecast. */
export function describeForecast({
  scenarios,
  sensitivities,
  levers,
  settings,
}: Described): string {
  const { years, draws, seed, top } = settings;
  const [first] = scenarios;
  return [
    `USD per 1,000 correct transactions over ${years} years: middle of ${draws} worlds drawn with seed ${seed}, and the range of four in five`,
    "",
    `${first?.scenario.name ?? ""} (${first?.scenario.about ?? ""})`,
    `${"year".padEnd(7)}${"frontier".padStart(22)}${"low-cost".padStart(24)}   low-cost is cheaper`,
    ...(first?.years ?? []).map(
      ({ year, frontier, lowCost, lowCostWins }) =>
        `${`+${year}`.padEnd(7)}${range(frontier).padStart(22)}${range(lowCost).padStart(24)}   ${percent(lowCostWins).padStart(5)} ${"#".repeat(Math.round(lowCostWins * 20))}`,
    ),
    "",
    "over all years".padEnd(28) +
      "frontier  low-cost  low-cost / frontier     cheaper  order changes for good",
    ...scenarios.map(describeScenario),
    "",
    `what moves low-cost / frontier most (${first?.middleRatio.toFixed(2) ?? ""} as assumed):`,
    ...sensitivities.slice(0, top).map(describeSensitivity),
    "",
    "levers of a model of one's own: cost of a transaction x",
    `  ${"".padEnd(14)}   alone    last   fair share (mean over all orders)`,
    ...levers.map(
      ({ lever, alone, last, factor, share }) =>
        `  ${lever.padEnd(14)}${alone.toPrecision(3).padStart(8)}${last.toPrecision(3).padStart(8)}   ${factor.toPrecision(3).padEnd(8)} ${percent(share)} of the saving`,
    ),
    "",
    "All of it follows from catalogue/assumptions.json: its ranges are wide and most are judgement. Copy it, change it, and give it with --assumptions.",
  ].join("\n");
}

function describeScenario({
  scenario,
  frontier,
  lowCost,
  ratio,
  lowCostWins,
  crossover,
}: ScenarioForecast): string {
  const { changes, year, endsLowCost } = crossover;
  const when =
    year === undefined
      ? "in none"
      : `${percent(changes)} of worlds, in year ${year.median.toFixed(0)} (${year.low.toFixed(0)} to ${year.high.toFixed(0)}); ${percent(endsLowCost)} of them to low-cost`;
  return [
    `  ${scenario.name.padEnd(26)}`,
    money(frontier.median).padStart(8),
    money(lowCost.median).padStart(10),
    `  ${ratio.median.toFixed(2)} (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)})`.padEnd(24),
    percent(lowCostWins).padStart(7),
    `  ${when}`,
  ].join("");
}

function describeSensitivity({
  name,
  about,
  unit,
  low,
  high,
  ratioAtLow,
  ratioAtHigh,
}: Sensitivity): string {
  const ends = `${figure(low)} to ${figure(high)} ${unit}`;
  return `  ${name.padEnd(20)}${ratioAtLow.toFixed(2).padStart(6)} to ${ratioAtHigh.toFixed(2).padEnd(6)} ${ends.padEnd(26)} ${about}`;
}

function range({
  median,
  low,
  high,
}: {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}): string {
  return `${money(median)} (${money(low)} to ${money(high)})`;
}

function money(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}

function figure(value: number): string {
  return Math.abs(value) >= 1e4 ? value.toExponential(0) : Number(value.toPrecision(3)).toString();
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
