import type { Assessment, WaterfallStep } from "../../schema/index.ts";
import { drawScatter } from "../charts/scatter.ts";
import { drawWaterfall, stepLabel } from "../charts/waterfall.ts";
import { formatPoints, formatShare } from "../format.ts";
import { markup, type Fragment, type Markup } from "../markup.ts";
import { measureId, money, picture, section, show, table, type Page } from "../page.ts";

/** Wide for laptops and paper, narrow for phones; the style shows one of the two. */
export function bothWidths(draw: (width: number) => Markup, wide: number): Markup {
  return markup`<div class="wide">${draw(wide)}</div><div class="narrow">${draw(350)}</div>`;
}

/** From the untouched base to the winner. */
export function waterfallSection(page: Page): Markup {
  const steps = page.data.waterfall.filter(({ cost }) => Number.isFinite(cost));
  if (steps.length === 0) {
    const none = "No steps were recorded, so there is no path from the base to a winner to show.";
    return section("waterfall", "Where the cost went", markup`<p class="none">${none}</p>`);
  }
  const rows = page.data.waterfall.map(
    (step, i) =>
      markup`<tr><th scope="row">${stepLabel(page, step)}</th><td>${show(page, `waterfall.${i + 1}`)}</td><td>${i > 0 && show(page, `waterfall.${i + 1}.difference`)}</td></tr>\n`,
  );
  return section(
    "waterfall",
    "Where the cost went",
    picture(
      bothWidths((width) => drawWaterfall(page, steps, width), 960),
      {
        caption: markup`${waterfallSentence(page, steps)}${takingAllNote(steps)}`,
        why: "waterfall.1",
      },
    ),
    markup`<details><summary>The same as a table</summary>${table({
      caption: `Cost per 1,000 correct transactions after each step, ${page.currency}`,
      head: [
        markup`<th scope="col">Step</th><th scope="col">Cost after it</th><th scope="col">Difference</th>`,
      ],
      rows,
    })}</details>`,
  );
}

function waterfallSentence(page: Page, steps: readonly WaterfallStep[]): Fragment {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return "";
  const ratio = 1 - last.cost / first.cost;
  const change = ratio >= 0 ? `${formatShare(ratio)} less` : `${formatShare(-ratio)} more`;
  const changes = steps.slice(1).sort((a, b) => a.difference - b.difference);
  const [best, worst] = [changes[0], changes.at(-1)];
  return markup`The cost of 1,000 correct transactions went from ${money(page, first.cost)} (${stepLabel(page, first)}) to ${money(page, last.cost)}, ${change}. ${
    best !== undefined &&
    best.difference < 0 &&
    markup`The step that saved most is “${stepLabel(page, best)}”, ${money(page, best.difference)}. `
  }${
    worst !== undefined &&
    worst.difference > 0 &&
    markup`“${stepLabel(page, worst)}” added ${money(page, worst.difference)}. `
  }`;
}

/** Steps without terms were priced before a threshold sent anything to a person. */
function takingAllNote(steps: readonly WaterfallStep[]): string {
  const all = steps.some(({ terms }) => terms === undefined);
  const some = steps.some(({ terms }) => terms !== undefined);
  return all && some ? "Before the threshold every answer is taken, right or wrong." : "";
}

/** Accuracy against cost, and the table of everything measured of each variant. */
export function scatterSection(page: Page): Markup {
  const { assessments } = page.data.selection;
  const drawn = assessments.filter(
    ({ cost, accuracy }) => Number.isFinite(cost.value) && cost.value > 0 && accuracy.value >= 0,
  );
  if (drawn.length === 0) {
    const none = "No variant has a finite cost, so there is nothing to draw.";
    return section("variants", "Accuracy against cost", markup`<p class="none">${none}</p>`);
  }
  return section(
    "variants",
    "Accuracy against cost",
    picture(
      bothWidths((width) => drawScatter(page, drawn, width), 960),
      {
        caption: markup`${scatterSentence(page, drawn)} ${quantizationSentence(page, drawn)}`,
        why: measureId(drawn[0] as Assessment, "cost"),
      },
    ),
    markup`<p class="note">Filled dots pass the bar. Lines are intervals at ${show(page, "task.bar.confidence")} confidence. Both scales are logarithmic: of the cost, and of the share of wrong answers.${drawn.length < assessments.length && ` Not drawn for want of a finite cost: ${assessments.length - drawn.length}.`}</p>`,
  );
}

function scatterSentence(page: Page, variants: readonly Assessment[]): Fragment {
  const accurate = [...variants].sort((a, b) => b.accuracy.value - a.accuracy.value)[0];
  const { winner } = page;
  if (winner === undefined || accurate === undefined) {
    return `None of the ${variants.length} variants passes the bar.`;
  }
  const cost = money(page, winner.cost.value);
  const ahead = accurate.accuracy.value - winner.accuracy.value;
  if (ahead < 0.0005) {
    return `${winner.variant.label} is the cheapest variant that passes, ${cost}, and none of the ${variants.length} is more accurate.`;
  }
  return `${winner.variant.label} is the cheapest variant that passes, ${cost}; the most accurate, ${accurate.variant.label}, gets ${formatPoints(ahead)} more right and costs ${money(page, accurate.cost.value)}.`;
}

/** What the smallest tuned file costs in accuracy, and what it saves, against the largest. */
function quantizationSentence(page: Page, variants: readonly Assessment[]): Fragment {
  const bySize = variants
    .filter(({ variant, resources }) => variant.kind === "tuned" && resources.fileBytes)
    .sort((a, b) => (b.resources.fileBytes ?? 0) - (a.resources.fileBytes ?? 0));
  const [large, small] = [bySize[0], bySize.at(-1)];
  if (large === undefined || small === undefined || large === small) return "";
  const machine = small.terms.machine / large.terms.machine;
  const saved =
    machine <= 1
      ? `took ${formatShare(1 - machine)} off the machine cost`
      : `added ${formatShare(machine - 1)} to the machine cost`;
  const lost = large.accuracy.value - small.accuracy.value;
  const accuracy =
    Math.abs(lost) < 0.0005
      ? "left accuracy as it was"
      : `${lost > 0 ? "lost" : "gained"} ${formatPoints(Math.abs(lost))} of accuracy`;
  return `From ${large.variant.label} to ${small.variant.label}, quantizing ${saved} and ${accuracy}.`;
}
