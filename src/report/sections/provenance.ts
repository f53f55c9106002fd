import { sum } from "../../kernel/index.ts";
import { idPart } from "../figures/figure.ts";
import { formatBytes, formatNumber, formatSeconds, formatShare } from "../format.ts";
import { markup, type Markup } from "../markup.ts";
import { capitalise } from "../detailed.ts";
import { explain, heads, section, show, table, type Page } from "../page.ts";

/** What went in: records per split, dropped by reason, and how many of each class. */
export function dataSection(page: Page): Markup {
  const { data } = page.data;
  const share = data.read === 0 ? 0 : data.kept / data.read;
  const cell = (id: string) => markup`<td>${show(page, `data.${id}`)}</td>`;
  const splits = ["train", "validation", "test"].map(
    (split) => markup`<tr><th scope="row">${split}</th>${cell(split)}</tr>\n`,
  );
  const dropped = data.dropped.map(
    ({ reason }, i) => markup`<tr><th scope="row">${reason}</th>${cell(`dropped.${i + 1}`)}</tr>\n`,
  );
  const most = Math.max(...data.classes.map(({ records }) => records), 1);
  const classes = data.classes.map(
    ({ label, records }, i) =>
      markup`<tr><th scope="row">${label}</th><td><span class="bar share" aria-hidden="true"><i style="width:${formatNumber((records / most) * 100, 1)}%"></i></span><span class="of">${show(page, `data.class.${i + 1}`)}</span></td></tr>\n`,
  );
  return section(
    "data",
    "Data",
    markup`<p>${show(page, "data.kept")} of ${show(page, "data.read")} records were kept (${formatShare(share)}). The test records were seen by no stage before the evaluation.</p>
<div class="pair">
${table({ kind: "figures", caption: "Records per split", head: heads("Split", "Records"), rows: splits })}
${
  dropped.length === 0
    ? markup`<p class="none">No record was dropped.</p>`
    : table({
        kind: "figures",
        caption: "Records dropped, by reason",
        head: heads("Reason", "Records"),
        rows: dropped,
      })
}</div>
${
  classes.length > 0 &&
  markup`<details><summary>Records per class</summary>${table({ kind: "figures classes", caption: "Records per class, all splits", head: heads("Class", "Records"), rows: classes })}</details>`
}`,
  );
}

/** Time, memory and output of every stage. */
export function stagesSection(page: Page): Markup {
  const { stages, run } = page.data;
  if (stages.length === 0) {
    return section(
      "stages",
      "Times and sizes",
      markup`<p class="none">No stages were recorded.</p>`,
    );
  }
  const rows = stages.map((stage) => {
    const cell = (measure: string) =>
      markup`<td>${show(page, `stage.${idPart(stage.name)}.${measure}`)}</td>`;
    const reused = stage.reused && markup` <span class="tag">reused</span>`;
    return markup`<tr><th scope="row">${stage.name}${reused}<small>${stage.about}</small></th>${cell("seconds")}${cell("memory")}${cell("output")}<td class="text"><code title="${stage.key}">${stage.key.slice(0, 12)}</code></td></tr>\n`;
  });
  const longest = [...stages].sort((a, b) => b.seconds - a.seconds)[0];
  const total = sum(stages.map(({ seconds }) => seconds));
  const most =
    longest !== undefined && total > 0
      ? `“${longest.name}” took ${formatSeconds(longest.seconds)}, ${formatShare(longest.seconds / total)} of the time of all stages.`
      : "";
  const { processor, cores, memoryBytes, system } = run.machine;
  return section(
    "stages",
    "Times and sizes",
    markup`<p>The build took ${show(page, "run.seconds")} on ${processor} (${cores} cores, ${formatBytes(memoryBytes)}, ${system}). ${most}</p>`,
    table({
      kind: "figures",
      caption: "Every stage: time, peak memory, size of what it wrote, content key",
      head: heads("Stage", "Time", "Peak memory", "Output", "<Key"),
      rows,
    }),
  );
}

/** Every setting with the rule that chose it. */
export function settingsSection(page: Page): Markup {
  const { settings } = page.data;
  const by = { rule: "rule", task: "task.yaml", flag: "flag" } as const;
  const rows = settings.map(
    ({ name, value, rule, setBy }) =>
      markup`<tr><th scope="row">${name}</th><td class="text">${value}</td><td class="text wide-text"><span class="tag">${by[setBy]}</span> ${rule}</td></tr>\n`,
  );
  return section(
    "settings",
    "Settings",
    rows.length === 0
      ? markup`<p class="none">No settings were recorded.</p>`
      : table({
          caption: "Each setting, and the rule that chose it or who set it",
          head: heads("Setting", "Value", "Why"),
          rows,
        }),
  );
}

/** Commands, versions, digests and licences: what it takes to make this report again. */
export function provenanceSection(page: Page): Markup {
  const { commands, versions, digests, licences } = page.data;
  const lines = commands.map(
    ({ about, line }) =>
      markup`<dt>${capitalise(about)}</dt><dd><pre tabindex="0"><code>${line}</code></pre></dd>\n`,
  );
  const names = versions.map(
    ({ name, version }) =>
      markup`<tr><th scope="row">${name}</th><td class="text">${version}</td></tr>\n`,
  );
  const files = digests.map(
    ({ name, sha256, bytes }) =>
      markup`<tr><th scope="row">${name}</th><td class="text"><code class="digest">${sha256}</code></td><td>${bytes !== undefined && formatBytes(bytes)}</td></tr>\n`,
  );
  const notices = licences.map(
    ({ subject, id, name, notice }) =>
      markup`<tr><th scope="row">${subject}</th><td class="text">${name} <small>${id}</small></td><td class="text wide-text">${notice}</td></tr>\n`,
  );
  return section(
    "provenance",
    "Made by, made from",
    lines.length > 0 && markup`<dl class="commands">${lines}</dl>`,
    digests.length > 0 &&
      table({
        caption: "Files by their sha256",
        head: heads("File", "sha256", "Size"),
        rows: files,
      }),
    licences.length > 0 &&
      table({
        caption: "Licences and notices",
        head: heads("Of", "Licence", "What it asks for"),
        rows: notices,
      }),
    versions.length > 0 &&
      table({ kind: "short", caption: "Versions", head: heads("Package", "Version"), rows: names }),
  );
}

/** How a reader gets from a figure to its measurement, and the list of all of them. */
export function traceSection(page: Page): Markup {
  const { run } = page.data;
  const example =
    page.detailed === undefined ? "data.kept" : `${idPart(page.detailed.variant.id)}.cost`;
  const rows = [...page.figures.values()].map(
    (figure) =>
      markup`<tr><th scope="row"><code>${figure.id}</code></th><td>${show(page, figure.id, { range: true })}</td><td class="text wide-text">${explain(figure)}</td><td class="text">${figure.stage}</td></tr>\n`,
  );
  return section(
    "trace",
    "How to trace a figure",
    markup`<p>Every figure with a dotted line under it, and every figure of a table, has an id: point at it to see it, or look it up in the list. The command below goes from the id back to the measurement, its inputs and their digests, in the ledger of run ${run.id}.</p>
<pre tabindex="0"><code>${run.whyCommand} ${example}</code></pre>
<details class="index"><summary>All ${page.figures.size} figures and their ids</summary>${table({ kind: "figures", caption: "Every figure of this report", head: heads("Id", "Figure", "<What it is", "<Stage"), rows })}</details>`,
  );
}
