import { SampanError } from "../kernel/index.ts";
import type { Assessment, ReportData } from "../schema/index.ts";
import { capitaliseLabels, detailedAssessment, winningAssessment } from "./detailed.ts";
import { collectFigures } from "./figures/collect-figures.ts";
import { idPart, type Figure } from "./figures/figure.ts";
import { formatFigure, formatMoney, formatRange, notMeasured } from "./format.ts";
import { markup, type Fragment, type Markup } from "./markup.ts";
import type { Pen } from "./plot.ts";

/** What every section draws from. */
export interface Page {
  readonly data: ReportData;
  readonly figures: ReadonlyMap<string, Figure>;
  readonly pen: Pen;
  readonly currency: string;
  readonly winner: Assessment | undefined;
  /** Variant that the detailed sections describe. */
  readonly detailed: Assessment | undefined;
}

/** Gathers the figures of a report once, for all sections. */
export function openPage(given: ReportData, pen: Pen): Page {
  const data = capitaliseLabels(given);
  return {
    data,
    pen,
    figures: collectFigures(data),
    currency: data.task.prices.currency,
    winner: winningAssessment(data),
    detailed: detailedAssessment(data),
  };
}

/** One figure with its id, so that `sampan why` can be asked about it; `range` adds its interval. */
export function show(page: Page, id: string, options: { readonly range?: boolean } = {}): Markup {
  const figure = findFigure(page, id);
  const text = figureText(page, id);
  const why = `${page.data.run.whyCommand} ${id}`;
  const missing = text === notMeasured && "missing";
  const range =
    options.range === true &&
    figure.low !== undefined &&
    figure.high !== undefined &&
    markup` <span class="range">${formatRange(figure.low, figure.high, figure.unit, page.currency)}</span>`;
  return markup`<data class="why ${missing}" data-why="${id}" value="${figure.value ?? ""}" title="${explain(figure)} (${why})">${text}${range}</data>`;
}

/** What a figure is and how it follows from others, in one line. */
export function explain({ about, formula }: Figure): string {
  return formula === undefined ? about : `${about} = ${formula}`;
}

/** A figure's text alone, for sentences and pictures. */
export function figureText(page: Page, id: string): string {
  const { value, unit } = findFigure(page, id);
  return formatFigure(value, unit, page.currency);
}

function findFigure(page: Page, id: string): Figure {
  const figure = page.figures.get(id);
  if (figure !== undefined) return figure;
  throw new SampanError("internal", `the report shows a figure without a source: ${id}`, {
    hint: "This is a defect in Sampan; please report it with the command you ran.",
  });
}

/** Id of one measure of a variant. */
export function measureId({ variant }: Assessment, measure: string): string {
  return `${idPart(variant.id)}.${measure}`;
}

/** An amount in the task's currency. */
export function money(page: Page, value: number): string {
  return formatMoney(value, page.currency);
}

/** A part of the report with its heading; the id is what the contents link to. */
export function section(id: string, heading: string, ...content: readonly Fragment[]): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${content}
</section>
`;
}

/** A picture with the sentence that says what it shows. `why` is the figure it goes back to. */
export function picture(
  content: Fragment,
  options: {
    readonly caption: Fragment;
    readonly why?: string | undefined;
    readonly kind?: string;
  },
): Markup {
  const why = options.why !== undefined && markup` data-why="${options.why}"`;
  return markup`<figure class="${options.kind ?? ""}"${why}>
<figcaption>${options.caption}</figcaption>
${content}
</figure>
`;
}

/** Column heads; a name that starts with `<` heads a column of text among figures. */
export function heads(...names: readonly string[]): Markup[] {
  return names.map((name) =>
    name.startsWith("<")
      ? markup`<th scope="col" class="text">${name.slice(1)}</th>`
      : markup`<th scope="col">${name}</th>`,
  );
}

/** A table that scrolls sideways on its own where the screen is narrow. */
export function table(options: {
  readonly caption: Fragment;
  readonly kind?: string;
  readonly head: readonly Fragment[];
  readonly rows: readonly Fragment[];
}): Markup {
  return markup`<div class="scroll" tabindex="0">
<table class="${options.kind ?? ""}">
<caption><span class="caption">${options.caption}</span></caption>
<thead><tr>${options.head}</tr></thead>
<tbody>
${options.rows}</tbody>
</table>
</div>
`;
}
