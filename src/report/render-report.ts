import type { ReportData } from "../schema/index.ts";
import { markup, type Markup } from "./markup.ts";
import { openPage, type Page } from "./page.ts";
import { loadPen } from "./plot.ts";
import { answerSection } from "./sections/answer.ts";
import { learningSection, thresholdSection } from "./sections/confidence.ts";
import { scatterSection, waterfallSection } from "./sections/cost.ts";
import { detailSection } from "./sections/detail.ts";
import { mistakesSection } from "./sections/mistakes.ts";
import {
  dataSection,
  provenanceSection,
  settingsSection,
  stagesSection,
  traceSection,
} from "./sections/provenance.ts";
import { variantsSection } from "./sections/variants.ts";
import { style } from "./style.ts";

const contents = [
  ["waterfall", "Cost step by step"],
  ["variants", "Accuracy and cost"],
  ["table", "Every variant"],
  ["threshold", "Threshold"],
  ["learning", "Confidence and learning"],
  ["detail", "Right and wrong"],
  ["mistakes", "Mistakes"],
  ["data", "Data"],
  ["stages", "Times and sizes"],
  ["settings", "Settings"],
  ["provenance", "Made from"],
  ["trace", "Trace a figure"],
] as const;

/**
 * One HTML file that needs nothing else: no script, no font, no request. The same data give the same
 * bytes. Throws `dependency-missing` when the chart library is not installed.
 */
export async function renderReport(data: ReportData): Promise<string> {
  const page = openPage(data, await loadPen());
  return `<!doctype html>\n${documentOf(page).text}`;
}

function documentOf(page: Page): Markup {
  const { task, run } = page.data;
  const links = contents.map(([id, name]) => markup`<a href="#${id}">${name}</a> `);
  return markup`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${task.name}: Sampan report</title>
<style>${style}</style>
</head>
<body>
<main>
${answerSection(page)}
<nav aria-label="Contents">${links}</nav>
${waterfallSection(page)}
${scatterSection(page)}
${variantsSection(page)}
${thresholdSection(page)}
${learningSection(page)}
${detailSection(page)}
${mistakesSection(page)}
${dataSection(page)}
${stagesSection(page)}
${settingsSection(page)}
${provenanceSection(page)}
${traceSection(page)}
</main>
<footer><p>Made by Sampan ${run.sampanVersion}, ${run.date}. This file needs no network and contains no script.</p></footer>
</body>
</html>
`;
}
