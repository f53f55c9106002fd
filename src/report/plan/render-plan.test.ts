import { expect, test } from "vitest";
import type { PlanReport } from "../../schema/index.ts";
import { renderPlan } from "./render-plan.ts";

const report: PlanReport = {
  title: "A <plan>",
  answer: "It takes a day.",
  facts: [{ label: "time", value: "1 day" }],
  charts: [
    {
      kind: "bars",
      heading: "Step",
      caption: "Seconds of a step.",
      unit: "s",
      stacked: true,
      bars: [
        { label: "products", value: 2, text: "2 s" },
        { label: "wires", value: 1, text: "1 s" },
      ],
    },
    {
      kind: "lines",
      heading: "Marginal return",
      caption: "Rate by accelerators.",
      x: { label: "accelerators", log: true },
      y: { label: "tokens/s", log: true },
      series: [
        {
          name: "H100",
          points: [
            { x: 8, y: 10, low: 9, high: 11 },
            { x: 16, y: 19, low: 17, high: 21 },
          ],
        },
      ],
    },
    {
      kind: "dots",
      heading: "Predicted and measured",
      caption: "Each dot is a run.",
      x: { label: "measured", log: true },
      y: { label: "predicted", log: true },
      diagonal: true,
      dots: [
        { x: 10, y: 11, label: "a", named: true, group: "dense" },
        { x: 20, y: 18, label: "b", named: false, group: "experts" },
      ],
    },
  ],
  term: {
    id: "step",
    label: "step",
    value: 3,
    unit: "s",
    low: 2.5,
    high: 3.6,
    formula: "sum",
    children: [],
    constants: [
      {
        name: "peak",
        value: 989e12,
        unit: "FLOP/s",
        provenance: "datasheet",
        source: "a data sheet",
        date: "2023-03",
      },
    ],
  },
  sampanVersion: "0.0.0",
  date: "2026-11-24",
};

test("the page stands alone, escapes what it is given, and carries every source", async () => {
  const page = await renderPlan(report);
  expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  expect(page).toContain("A &lt;plan&gt;");
  expect(page.match(/<svg/g)).toHaveLength(3);
  for (const part of ["989.0 TFLOP/s", "datasheet, 2023-03", "a data sheet", "2.5 s to 3.6 s"]) {
    expect(page).toContain(part);
  }
  expect(await renderPlan(report)).toBe(page);
});
