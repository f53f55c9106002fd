import { sum } from "../../kernel/index.ts";
import type { Assessment, Confusion } from "../../schema/index.ts";
import { drawConfusion, drawnClasses } from "../charts/confusion.ts";
import { idPart } from "../figures/figure.ts";
import { classCounts } from "../figures/variant-figures.ts";
import { formatNumber, formatShare } from "../format.ts";
import { markup, type Fragment, type Markup } from "../markup.ts";
import { heads, measureId, picture, section, show, table, type Page } from "../page.ts";
import { bothWidths } from "./cost.ts";

/** Where the detailed variant is right and wrong: per class with the matrix, or per field. */
export function detailSection(page: Page): Markup {
  const a = page.detailed;
  const { confusion } = page.data;
  if (a !== undefined && confusion !== undefined && confusion.labels.length > 0) {
    return section(
      "detail",
      `Right and wrong by ${confusion.field}`,
      picture(
        bothWidths((width) => drawConfusion(page, confusion, width), 1000),
        { caption: confusionSentence(a, confusion), why: measureId(a, "confusion") },
      ),
      classTable(page, a),
    );
  }
  if (a !== undefined && Object.keys(a.perField).length > 0) {
    return section("detail", "Right and wrong by field", fieldTable(page, a));
  }
  const none = "Neither classes nor fields were measured one by one.";
  return section("detail", "Right and wrong", markup`<p class="none">${none}</p>`);
}

function confusionSentence(a: Assessment, confusion: Confusion): string {
  const records = sum(confusion.counts.flat());
  const right = sum(confusion.counts.map((row, i) => row[i] ?? 0));
  const [most] = confusions(confusion);
  const drawn = drawnClasses(confusion).length;
  const shown =
    drawn < confusion.labels.length
      ? ` Drawn are the ${drawn} classes of ${confusion.labels.length} with the most mistakes.`
      : "";
  const mixed =
    most === undefined
      ? "Nothing was mixed up."
      : `Most often mixed up: “${most.expected}” answered as “${most.given}”, ${most.count} ${most.count === 1 ? "time" : "times"}.`;
  return `${a.variant.label} got ${formatNumber(right, 0)} of ${formatNumber(records, 0)} test records right, every answer taken. ${mixed} Rows are the expected class, columns the answer, both by number.${shown}`;
}

function confusions({ labels, counts }: Confusion) {
  return counts
    .flatMap((row, i) =>
      row.map((count, j) => ({ count, i, j, expected: labels[i] ?? "", given: labels[j] ?? "" })),
    )
    .filter(({ count, i, j }) => i !== j && count > 0)
    .sort((x, y) => y.count - x.count || x.i - y.i || x.j - y.j);
}

function classTable(page: Page, a: Assessment): Markup {
  const { confusion } = page.data;
  const mixed = confusion === undefined ? [] : confusions(confusion);
  const rows = classCounts(page.data).map(({ label, records, correct }, i) => {
    const taken = mixed
      .filter((mix) => mix.i === i)
      .slice(0, 2)
      .map(({ given, count }) => `${given} (${count})`)
      .join("; ");
    return markup`<tr><td>${i + 1}</td><th scope="row">${label}</th><td>${show(page, measureId(a, `class.${i + 1}.records`))}</td><td>${show(page, measureId(a, `class.${i + 1}.correct`))}</td><td>${shareBar(records === 0 ? undefined : correct / records)}</td><td class="text wide-text">${taken}</td></tr>\n`;
  });
  return markup`<details${rows.length <= 30 && markup` open`}><summary>Class by class</summary>${table(
    {
      kind: "figures classes",
      caption: `${a.variant.label}, every answer taken: correct answers of each class, and what the others were taken for`,
      head: heads("No.", "<Class", "Records", "Correct", "Share", "<Taken for"),
      rows,
    },
  )}</details>`;
}

function shareBar(share: number | undefined): Fragment {
  if (share === undefined) return "none";
  return markup`<span class="bar share" aria-hidden="true"><i style="width:${formatNumber(share * 100, 1)}%"></i></span><span class="of">${formatShare(share)}</span>`;
}

function fieldTable(page: Page, a: Assessment): Markup {
  const fields = Object.entries(a.perField).sort(([, x], [, y]) => x.value - y.value);
  const weakest = fields[0];
  const rows = fields.map(
    ([name, { value }]) =>
      markup`<tr><th scope="row">${name}</th><td class="text"><span class="bar share" aria-hidden="true"><i style="width:${formatNumber(value * 100, 1)}%"></i></span></td><td>${show(page, measureId(a, `field.${idPart(name)}`), { range: true })}</td></tr>\n`,
  );
  return table({
    kind: "figures fields short",
    caption: markup`${a.variant.label}, every answer taken: share of test records whose field is right, weakest first. ${weakest !== undefined && `${weakest[0]} is the weakest, ${formatShare(weakest[1].value)}; `}a record counts as correct when all its fields are: ${show(page, measureId(a, "accuracy"))}.`,
    head: heads("Field", "<Accuracy", "Share right"),
    rows,
  });
}
