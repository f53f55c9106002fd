import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReportData } from "../schema/index.ts";
import { renderTextSummary } from "./index.ts";
import { clip, clipMiddle, pad, textWidth } from "./text-width.ts";

function fixture(name: string): ReportData {
  const path = join(import.meta.dirname, "../../test/fixtures/report", `${name}.json`);
  // The fixtures are written by tools/make-report-fixtures.ts from typed values.
  return JSON.parse(readFileSync(path, "utf8")) as ReportData;
}

const code = fixture("industry-code");
const plain = { width: 100, colour: false };

describe("summary", () => {
  test("says winner, costs, report and the line to try", () => {
    const text = renderTextSummary(code, plain);
    expect(text).toContain("✓ industry-code: TF-IDF with logistic regression, then tuned, Q4_0");
    expect(text).toContain("$84.73 per 1,000 correct transactions");
    for (const { variant } of code.selection.assessments) {
      expect(text.toLowerCase()).toContain(variant.label.slice(0, 15).toLowerCase());
    }
    expect(text).toContain(code.run.reportPath);
    expect(text).toContain(code.run.tryLine);
  });

  test.each([100, 80, 60, 40])("keeps to %d columns and its columns stand", (width) => {
    for (const data of [code, fixture("repair-order"), chinese(code)]) {
      const lines = renderTextSummary(data, { width, colour: false }).split("\n");
      const copied = /^ {2}(report|bundle|try it) /;
      const long = lines.filter((line) => !copied.test(line) && textWidth(line) > width);
      expect(long).toEqual([]);
      const rows = lines.filter((line) => / (yes|no)$/.test(line));
      expect(rows).toHaveLength(data.selection.assessments.length);
      expect(new Set(rows.map((row) => textWidth(row.replace(/(yes|no)$/, "")))).size).toBe(1);
    }
  });

  test("colour adds codes and nothing else", () => {
    const coloured = renderTextSummary(code, { width: 100, colour: true });
    // oxlint-disable-next-line no-control-regex
    expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(renderTextSummary(code, plain));
  });

  test("no winner is said first; nothing evaluated too", () => {
    const selection = { ...code.selection, winner: undefined };
    expect(renderTextSummary({ ...code, selection }, plain)).toMatch(
      /^✕ industry-code: no variant/,
    );
    const none = { winner: undefined, assessments: [], reason: "" };
    expect(renderTextSummary({ ...code, selection: none }, plain)).toContain("No variant was");
  });

  test("a label cannot steer the terminal", () => {
    const assessments = code.selection.assessments.map((a) => ({
      ...a,
      variant: { ...a.variant, label: "\u001b[2J\u001b]0;x\u0007evil\nline" },
    }));
    const text = renderTextSummary(
      { ...code, selection: { ...code.selection, assessments } },
      plain,
    );
    expect(text).not.toMatch(/[^\n\P{Cc}]/u);
  });
});

function chinese(data: ReportData): ReportData {
  const assessments = data.selection.assessments.map((a, i) => ({
    ...a,
    variant: { ...a.variant, label: `微调模型，四位量化，第${i}号方案，用于设备报修工单` },
  }));
  return { ...data, selection: { ...data.selection, assessments } };
}

describe("width of text", () => {
  test.each([
    ["abc", 3],
    ["空压机", 6],
    ["ＡＧＶ", 6],
    ["e\u0301", 1],
    ["한국어", 6],
    ["😀", 2],
    ["–…✓", 3],
  ])("%s takes %d columns", (text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });

  test("a long name keeps both its ends", () => {
    expect(clipMiddle("TF-IDF with logistic regression, then tuned, Q4_0", 30)).toBe(
      "TF-IDF with log…en tuned, Q4_0",
    );
  });

  test("clipped and padded text fits", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 2, max: 30 }),
        (text, columns) => {
          expect(textWidth(clip(text, columns))).toBeLessThanOrEqual(columns);
          expect(textWidth(clipMiddle(text, columns))).toBeLessThanOrEqual(columns);
          expect(textWidth(pad(clip(text, columns), columns))).toBe(columns);
        },
      ),
    );
  });
});
