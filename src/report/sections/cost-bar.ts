import type { Assessment } from "../../schema/index.ts";
import { formatNumber } from "../format.ts";
import { markup, type Markup } from "../markup.ts";
import { money, type Page } from "../page.ts";

const terms = ["machine", "escalation", "error"] as const;

/** A bar of the three cost terms, `full` being the amount that fills it. For the eye alone. */
export function costBar(page: Page, { terms: amounts }: Assessment, full: number): Markup {
  const parts = terms.map((term) => {
    const share = full > 0 && Number.isFinite(amounts[term]) ? amounts[term] / full : 0;
    const width = formatNumber(Math.min(1, share) * 100, 2);
    return markup`<i class="${term}" style="width:${width}%" title="${term} ${money(page, amounts[term])}"></i>`;
  });
  return markup`<span class="bar" aria-hidden="true">${parts}</span>`;
}

/** What the shades of the bars mean. */
export function costKey(): Markup {
  return markup`<p class="key" aria-hidden="true">${terms.map((term) => markup`<span><i class="${term}"></i>${term}</span>`)}</p>`;
}
