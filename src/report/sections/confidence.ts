import { sum } from "../../kernel/index.ts";
import type { Assessment } from "../../schema/index.ts";
import { drawCalibration, drawLoss, drawThresholdPanel, type Panel } from "../charts/curves.ts";
import { formatNumber, formatPoints } from "../format.ts";
import { markup, type Fragment, type Markup } from "../markup.ts";
import { figureText, measureId, money, picture, section, show, type Page } from "../page.ts";

/** Which answers go to a person, and what the choice does to share, accuracy and cost. */
export function thresholdSection(page: Page): Markup {
  const a = page.detailed;
  const heading = "Which answers go to a person";
  if (a === undefined || a.thresholdCurve.length === 0) {
    return section(
      "threshold",
      heading,
      markup`<p class="none">No threshold curve was measured.</p>`,
    );
  }
  const { acceptance } = page.data.task;
  const panels: readonly Panel[] = [
    { measure: "straightThrough", title: "Straight through", bar: acceptance.straightThrough },
    { measure: "accuracy", title: "Of those, correct", bar: acceptance.accuracy },
    { measure: "cost", title: `Cost per 1,000 correct, ${page.currency}` },
  ];
  return section(
    "threshold",
    heading,
    markup`<p>${thresholdSentence(page, a)}</p>
<div class="multiples">
${panels.map((panel) => picture(drawThresholdPanel(page, a, panel), { caption: panel.title, why: measureId(a, "threshold-curve"), kind: "panel" }))}</div>
`,
  );
}

function thresholdSentence(page: Page, a: Assessment): Fragment {
  const all = a.thresholdCurve.find(({ threshold }) => threshold === 0);
  const taken =
    all !== undefined && Number.isFinite(all.cost)
      ? ` Taking every answer would cost ${money(page, all.cost)}.`
      : "";
  return markup`${a.variant.label}: an answer with a confidence below ${show(page, measureId(a, "threshold"))} goes to a person: the cheapest threshold on validation records of those expected to keep the bar most surely. On the test records ${show(page, measureId(a, "straight-through"))} then go straight through${a.straightThrough.value > 0 && markup`, ${show(page, measureId(a, "answered-accuracy"))} of them correct`}, for ${show(page, measureId(a, "cost"))}.${taken}`;
}

/** Whether the confidences mean what they say, and how training went. */
export function learningSection(page: Page): Markup {
  const a = page.detailed;
  const { losses } = page.data;
  const calibration =
    a !== undefined && a.calibration.length > 0
      ? picture(drawCalibration(page, a), {
          caption: markup`<b>Calibration.</b> ${calibrationSentence(page, a)}`,
          why: measureId(a, "calibration"),
        })
      : markup`<p class="none">Calibration was not measured.</p>`;
  const learning =
    losses !== undefined && losses.validation.length + losses.train.length > 0
      ? picture(drawLoss(page, losses), {
          caption: markup`<b>Learning.</b> ${lossSentence(page)}`,
          why: "tune.loss.validation",
        })
      : markup`<p class="none"><b>Learning.</b> Nothing was tuned in this build, so there is no loss curve.</p>`;
  return section(
    "learning",
    "Confidence and learning",
    markup`<div class="pair">${calibration}${learning}</div>`,
  );
}

function calibrationSentence(page: Page, a: Assessment): Fragment {
  const records = sum(a.calibration.map((group) => group.records));
  const lean =
    sum(a.calibration.map((g) => (g.confidence - g.accuracy) * g.records)) / Math.max(1, records);
  const sizes = a.calibration.map((group) => group.records);
  const unequal = Math.max(...sizes) > 1.5 * Math.min(...sizes);
  const direction =
    Math.abs(lean) < 0.01
      ? "neither over- nor under-confident"
      : lean > 0
        ? `over-confident by ${formatPoints(lean)} on average`
        : `under-confident by ${formatPoints(-lean)} on average`;
  return markup`Confidence and accuracy are ${show(page, measureId(a, "calibration-error"))} apart on average; ${a.variant.label} is ${direction}. On the dashed line the two agree${unequal && "; the larger a dot, the more records"}.`;
}

function lossSentence(page: Page): Fragment {
  const { losses } = page.data;
  const kept = losses?.kept;
  const lowest = show(page, "tune.loss.validation");
  const at =
    kept !== undefined &&
    ` at ${formatNumber(kept, 0)} tokens (dashed), where the adapter was kept`;
  const total = figureText(page, "tune.tokens");
  return markup`Validation loss was lowest, ${lowest}${at}, of ${total} tokens trained on. Mean negative log-likelihood of each token of the answers that is judged, in nats.`;
}
