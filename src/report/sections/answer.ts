import type { Assessment } from "../../schema/index.ts";
import { capitalise } from "../detailed.ts";
import { formatShare } from "../format.ts";
import { markup, type Fragment, type Markup } from "../markup.ts";
import { measureId, money, show, type Page } from "../page.ts";
import { costBar, costKey } from "./cost-bar.ts";

/** The top of the report: what wins, how good it is, what it costs, and how to try it. */
export function answerSection(page: Page): Markup {
  const { data, winner } = page;
  const { task, run } = data;
  return markup`<header id="answer">
<p class="eyebrow"><span>Sampan report</span> <span>${task.name}</span> <span>${run.date.slice(0, 10)}</span> <span>run ${run.id}</span></p>
<h1>${headline(page)}</h1>
<p class="lede">${task.description}</p>
${verdict(page)}
${page.detailed !== undefined && tiles(page, page.detailed)}
${page.detailed !== undefined && identity(page, page.detailed)}
${winner !== undefined && run.tryLine !== undefined && tryIt(run.tryLine)}
</header>
`;
}

function headline(page: Page): Markup {
  const { winner, data } = page;
  if (winner === undefined) {
    return markup`No variant does <b class="keep">${data.task.name}</b> well enough yet.`;
  }
  return markup`<b>${winner.variant.label}</b> does <span class="keep">${data.task.name}</span> for ${show(page, measureId(winner, "cost"))} per 1,000 correct transactions.`;
}

function verdict(page: Page): Markup {
  const { winner, detailed, data } = page;
  const badge =
    winner === undefined
      ? markup`<strong class="badge missed">✕ Bar not passed</strong>`
      : markup`<strong class="badge">✓ Bar passed</strong>`;
  const reason = sentence(data.selection.reason);
  if (winner !== undefined) {
    return markup`<p class="verdict">${badge} ${sentence(winner.verdict)}</p>
<p>${reason}</p>`;
  }
  const shown =
    detailed !== undefined && markup` What follows describes <b>${detailed.variant.label}</b>.`;
  return markup`<p class="verdict">${badge} ${reason}${shown}</p>`;
}

/** Percentages as the rest of the page writes them. */
export function tidyPercents(text: string): string {
  return text.replace(/(\d) %/g, "$1%");
}

/** The badge has said already whether it passes; the rest is made a sentence. */
function sentence(text: string): string {
  const rest = tidyPercents(text).replace(/^(passes|misses the bar): /, "");
  const capital = capitalise(rest);
  return /[.!?。]$/.test(capital) ? capital : `${capital}.`;
}

function tiles(page: Page, a: Assessment): Markup {
  const tile = (label: string, measure: string, note: Fragment) =>
    markup`<div><dt>${label}</dt><dd>${show(page, measureId(a, measure), { range: true })}<small>${note}</small></dd></div>`;
  return markup`<dl class="tiles">
${tile("Cost per 1,000 correct", "cost", markup`${byHandNote(page, a)}`)}
${tile("Accuracy", "accuracy", markup`every answer taken, ${show(page, measureId(a, "records"))} held-out records`)}
${tile("Straight through", "straight-through", markup`without a person, at a threshold of ${show(page, measureId(a, "threshold"))}`)}
${tile("Of those, correct", "answered-accuracy", markup`the bar asks ${show(page, "task.bar.accuracy")} with ${show(page, "task.bar.confidence")} confidence`)}
</dl>
`;
}

function byHandNote(page: Page, a: Assessment): Fragment {
  const byHand = page.data.task.prices.escalation * 1000;
  if (byHand <= 0 || !Number.isFinite(a.cost.value)) return page.currency;
  const saved = 1 - a.cost.value / byHand;
  const compared = saved >= 0 ? `${formatShare(saved)} less` : `${formatShare(-saved)} more`;
  return markup`${compared} than by hand, ${show(page, "task.by-hand")}`;
}

function identity(page: Page, a: Assessment): Markup {
  const { prices } = page.data.task;
  const term = (label: string, measure: string, price: string) =>
    markup`<span><i class="${label}"></i>${show(page, measureId(a, `cost.${measure}`))} <small>${label}<br>${price}</small></span>`;
  return markup`<div class="identity">
${costBar(page, a, a.terms.total)}
<p>${term("machine", "machine", `${money(page, prices.machinePerHour)} an hour`)} <b>+</b>
${term("escalation", "escalation", `${money(page, prices.escalation)} when a person answers`)} <b>+</b>
${term("error", "error", `${money(page, prices.error)} for a wrong answer`)} <b>=</b>
<span>${show(page, measureId(a, "cost"))} <small>per 1,000<br>correct, ${page.currency}</small></span></p>
</div>
${costKey()}
`;
}

function tryIt(line: string): Markup {
  return markup`<div class="try"><span>Try it</span><pre tabindex="0"><code>${line}</code></pre></div>`;
}
