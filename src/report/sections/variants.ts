import type { Assessment } from "../../schema/index.ts";
import { byCost } from "../detailed.ts";
import { markup, type Markup } from "../markup.ts";
import { heads, measureId, section, show, table, type Page } from "../page.ts";
import { tidyPercents } from "./answer.ts";
import { costBar, costKey } from "./cost-bar.ts";

/** Everything measured of every variant, cheapest first: what it costs, and what it takes to run. */
export function variantsSection(page: Page): Markup {
  const variants = [...page.data.selection.assessments].sort(byCost);
  if (variants.length === 0) {
    return section("table", "Every variant", markup`<p class="none">No variant was evaluated.</p>`);
  }
  return section(
    "table",
    "Every variant",
    qualityTable(page, variants),
    costKey(),
    resourceTable(page, variants),
  );
}

function qualityTable(page: Page, variants: readonly Assessment[]): Markup {
  const full = Math.max(...variants.map(({ terms }) => terms.total).filter(Number.isFinite), 0);
  const rows = variants.map((a) => {
    const cell = (measure: string, range = false) =>
      markup`<td>${show(page, measureId(a, measure), { range })}</td>`;
    return markup`<tr class="${a === page.winner && "winner"}">${rowHead(page, a)}
<td>${show(page, measureId(a, "cost"), { range: true })}${costBar(page, a, full)}</td>
${cell("cost.machine")}${cell("cost.escalation")}${cell("cost.error")}${cell("accuracy", true)}${cell("straight-through")}${a.straightThrough.value > 0 ? cell("answered-accuracy", true) : markup`<td class="missing">none</td>`}
<td class="text">${passes(a)}</td></tr>\n`;
  });
  return table({
    kind: "figures",
    caption: markup`What each variant costs per 1,000 correct transactions, ${page.currency}, at its own threshold, and how often it is right. Machine + escalation + error = cost.`,
    head: heads(
      "Variant",
      "Cost",
      "Machine",
      "Escalation",
      "Error",
      "Accuracy",
      "Straight through",
      "Of those, correct",
      "<Passes",
    ),
    rows,
  });
}

function resourceTable(page: Page, variants: readonly Assessment[]): Markup {
  const measures = [
    "latency.p50",
    "latency.p95",
    "rate",
    "memory",
    "cpu-seconds",
    "energy",
    "file",
    "records",
  ];
  const rows = variants.map(
    (a) =>
      markup`<tr class="${a === page.winner && "winner"}">${rowHead(page, a)}${measures.map((measure) => markup`<td>${show(page, measureId(a, measure))}</td>`)}</tr>\n`,
  );
  const { processor, cores } = page.data.run.machine;
  return table({
    kind: "figures",
    caption: `What each variant takes to run on this machine (${processor}, ${cores} cores), per transaction`,
    head: heads(
      "Variant",
      "Latency p50",
      "p95",
      "Transactions",
      "Memory",
      "CPU",
      "Energy",
      "File",
      "Test records",
    ),
    rows,
  });
}

function rowHead(page: Page, a: Assessment): Markup {
  const won = a === page.winner && markup` <span class="badge">winner</span>`;
  return markup`<th scope="row">${a.variant.label}${won}<small>${a.variant.id}</small></th>`;
}

function passes(a: Assessment): Markup {
  return markup`<span title="${tidyPercents(a.verdict)}">${a.passes ? "✓ yes" : "✕ no"}</span>`;
}
