import { canonicalJson, type Json, type JsonObject } from "../../kernel/index.ts";
import type { Mistake } from "../../schema/index.ts";
import { markup, shorten, type Fragment, type Markup } from "../markup.ts";
import { measureId, section, show, type Page } from "../page.ts";

const shownMistakes = 20;
/** Longer texts are cut; the ledger has them whole. */
const shownCharacters = 600;

/** The worst mistakes with their text: what was asked, expected and answered. */
export function mistakesSection(page: Page): Markup {
  const a = page.detailed;
  const mistakes = page.data.mistakes.slice(0, shownMistakes);
  if (a === undefined || mistakes.length === 0) {
    const none = "No wrong answers on the test records.";
    return section("mistakes", "The worst mistakes", markup`<p class="none">${none}</p>`);
  }
  const items = mistakes.map(
    (mistake, i) => markup`<li>
<p class="input">${valueText(mistake.input)}</p>
<dl>${differences(mistake)}</dl>
<p class="confidence">confidence ${show(page, measureId(a, `mistake.${i + 1}`))}</p>
</li>
`,
  );
  const intro = `Wrong answers of ${a.variant.label} on the test records, worst first. A wrong answer is the worse the surer the variant was of it.`;
  return section(
    "mistakes",
    "The worst mistakes",
    markup`<p>${intro}</p>
<ol class="mistakes">
${items}</ol>
`,
  );
}

/** Only what differs; an answer that is missing altogether is said once. */
function differences({ expected, given }: Mistake): Fragment {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(given ?? {})])];
  const wrong = names.filter((name) => textOf(expected[name]) !== textOf(given?.[name]));
  const rows = wrong.map((name) => {
    const label = names.length > 1 && markup`<dt>${name}</dt>`;
    const answered = given !== undefined && line("answered", valueOf(given[name]));
    return markup`<div>${label}${line("expected", valueOf(expected[name]))}${answered}</div>`;
  });
  const silent =
    given === undefined && markup`<div>${line("answered", markup`<em>no answer</em>`)}</div>`;
  return [rows, silent];
}

function line(tag: string, value: Markup): Markup {
  return markup`<dd><span class="tag">${tag}</span><span>${value}</span></dd>`;
}

function valueOf(value: Json | undefined): Markup {
  if (value === undefined) return markup`<em>nothing</em>`;
  return markup`<bdi>${shorten(textOf(value), shownCharacters)}</bdi>`;
}

function valueText(input: JsonObject): Fragment {
  const entries = Object.entries(input);
  return entries.map(([name, value]) => {
    const label = entries.length > 1 && markup`<span class="tag">${name}</span> `;
    return markup`<span class="line">${label}${valueOf(value)}</span>`;
  });
}

function textOf(value: Json | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : canonicalJson(value);
}
