import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import type { Assessment, ReportData } from "../schema/index.ts";
import { collectFigures } from "./figures/collect-figures.ts";
import { renderReport, renderTextSummary, traceFigures } from "./index.ts";

const folder = join(import.meta.dirname, "../../test/fixtures/report");

function fixture(name: string): ReportData {
  // The fixtures are written by tools/make-report-fixtures.ts from typed values.
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as ReportData;
}

const code = fixture("industry-code");
const repair = fixture("repair-order");
const codePage = await renderReport(code);
const repairPage = await renderReport(repair);

const parsed = new Map<string, Document>();

function parse(page: string): Document {
  const known = parsed.get(page) ?? (parseHTML(page).document as unknown as Document);
  parsed.set(page, known);
  return known;
}

/** The part of the DOM that the tests read; the project's types have no DOM. */
interface Document {
  querySelectorAll(selector: string): Iterable<Node>;
  querySelector(selector: string): Node | null;
}
interface Node extends Document {
  readonly textContent: string;
  readonly tagName: string;
  getAttribute(name: string): string | null;
}

function all(page: string, selector: string): Node[] {
  return [...parse(page).querySelectorAll(selector)];
}

function textOf(page: string): string {
  return parse(page).querySelector("main")?.textContent.replace(/\s+/g, " ") ?? "";
}

describe("one file that needs nothing", () => {
  test.each([
    ["industry-code", codePage],
    ["repair-order", repairPage],
  ])("%s asks for nothing outside and runs no script", (_, page) => {
    expect(page.match(/\b(?:src|srcset|action|poster|data)\s*=/gi)).toBeNull();
    expect(page.match(/@import|url\(|<script|<link|<iframe|\son\w+=/gi)).toBeNull();
    const links = all(page, "[href]").map((link) => link.getAttribute("href") ?? "");
    expect(links.filter((link) => !link.startsWith("#"))).toEqual([]);
    const [policy] = all(page, "meta[http-equiv]");
    expect(policy?.getAttribute("content")).toContain("default-src 'none'");
  });

  test("the same data give the same bytes", async () => {
    expect(await renderReport(fixture("industry-code"))).toBe(codePage);
    expect(await renderReport(structuredClone(repair))).toBe(repairPage);
  });

  test("no picture carries a warning of the chart library", () => {
    expect(codePage + repairPage).not.toContain("⚠");
  });

  test("a report stays small enough to send", () => {
    expect(codePage.length).toBeLessThan(500_000);
  });
});

describe("a page that can be read by all", () => {
  test("ids are unique and what refers to them finds them", () => {
    for (const page of [codePage, repairPage]) {
      const ids = all(page, "[id]").map((element) => element.getAttribute("id") ?? "");
      expect(new Set(ids).size).toBe(ids.length);
      const known = new Set(ids);
      const labels = all(page, "[aria-labelledby]").flatMap((element) =>
        (element.getAttribute("aria-labelledby") ?? "").split(" "),
      );
      const links = all(page, "a").map((link) => link.getAttribute("href")?.slice(1) ?? "");
      expect([...labels, ...links].filter((id) => !known.has(id))).toEqual([]);
    }
  });

  test("pictures have a name and a description, tables a caption, headings no gaps", () => {
    const pictures = all(codePage, "svg");
    expect(pictures.length).toBeGreaterThan(8);
    for (const picture of pictures) {
      expect(picture.getAttribute("role")).toBe("img");
      expect(picture.querySelector("title")?.textContent).not.toBe("");
      expect(picture.querySelector("desc")?.textContent).not.toBe("");
    }
    for (const table of all(codePage, "table")) {
      expect(table.querySelector("caption")?.textContent).not.toBe("");
    }
    expect(all(codePage, "h1")).toHaveLength(1);
    expect(all(codePage, "h3,h4,h5,h6")).toHaveLength(0);
  });

  test("every picture says what to conclude", () => {
    for (const figure of all(codePage, "figure")) {
      expect(figure.querySelector("figcaption")?.textContent.trim()).not.toBe("");
    }
  });
});

describe("figures that can be traced", () => {
  test("every figure shown is in the list, with its value", () => {
    const figures = collectFigures(code);
    const shown = all(codePage, "[data-why]");
    expect(shown.length).toBeGreaterThan(200);
    for (const element of shown) {
      const id = element.getAttribute("data-why") ?? "";
      expect(figures.has(id), id).toBe(true);
      if (element.tagName.toLowerCase() === "data") {
        expect(element.getAttribute("title")).toContain(`sampan why ${id}`);
        expect(element.getAttribute("value")).toBe(String(figures.get(id)?.value ?? ""));
      }
    }
  });

  test("ids need no quotes in a shell and terms have values", () => {
    const traced = traceFigures(code);
    expect(new Set(traced.map(({ id }) => id)).size).toBe(traced.length);
    for (const { id } of traced) expect(id).toMatch(/^[\w.:+@~-]+$/);
    const cost = traced.find(({ id }) => id === "tuned-q4_0.cost");
    expect(cost?.unit).toBe("USD");
    const terms = ["machine", "escalation", "error"].map((term) =>
      Number(cost?.terms[`tuned-q4_0.cost.${term}`]),
    );
    expect(terms.reduce((a, b) => a + b, 0)).toBeCloseTo(cost?.value ?? 0, 2);
  });
});

describe("text that means harm", () => {
  const hostile = `</title></style><script>alert(1)</script><img src=x onerror=alert(1)>"'>${"\u202e"}abc\u0000\ud800{{`;

  test("stays text wherever it stands", async () => {
    const poisoned = poison(code, hostile);
    const page = await renderReport(poisoned);
    expect(page).not.toMatch(/<script|<img|onerror=alert\(1\)>(?!&)/i);
    expect(page).not.toContain("\u202e");
    expect(page.isWellFormed()).toBe(true);
    expect(all(page, "script,img,link,iframe,object,embed")).toHaveLength(0);
    expect(all(page, "main > section").length).toBe(all(codePage, "main > section").length);
    expect(all(page, "svg").length).toBe(all(codePage, "svg").length);
  });

  test("long text is cut and says so", async () => {
    const [first] = code.mistakes;
    if (first === undefined) throw new Error("the fixture has mistakes");
    const long = { ...first, input: { text: "文".repeat(100_000) } };
    const page = await renderReport({ ...code, mistakes: [long] });
    expect(page.length).toBeLessThan(500_000);
    expect(textOf(page)).toContain("(99400 more characters)");
  });
});

/** Every string of the data but codes that other code sets is replaced. */
function poison(data: ReportData, text: string): ReportData {
  const kept = new Set(["kind", "setBy", "currency", "date"]);
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return kept.has(key) ? value : `${value}${text}`;
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        ["input", "expected", "given", "perField"].includes(key) ? `${name}${text}` : name,
        walk(item, name),
      ]),
    );
  };
  return walk(data, "") as ReportData; // The shape is unchanged.
}

describe("parts that are missing", () => {
  test("nothing was tuned", async () => {
    const { losses: _, ...rest } = code;
    expect(textOf(await renderReport(rest))).toContain("Nothing was tuned in this build");
  });

  test("no variant passes", async () => {
    const { winner: _, ...selection } = code.selection;
    const assessments = selection.assessments.map((a) => ({ ...a, passes: false }));
    const page = await renderReport({
      ...code,
      selection: { winner: undefined, assessments, reason: "None passes the bar." },
    });
    expect(textOf(page)).toContain("No variant does industry-code well enough yet");
    expect(textOf(page)).toContain("Bar not passed");
    expect(textOf(page)).not.toContain("Try it");
    expect(page).not.toContain('class="winner"');
  });

  test("what was not measured is called so, never 0 or undefined", async () => {
    const assessments = code.selection.assessments.map((a) => {
      const { transactionsPerSecond, latencyP50, latencyP95 } = a.resources;
      // As JSON gives it back: keys of undefined members are gone.
      const resources = {
        transactionsPerSecond,
        latencyP50,
        latencyP95,
      } as Assessment["resources"];
      return { ...a, resources };
    });
    const page = await renderReport({ ...code, selection: { ...code.selection, assessments } });
    const missing = all(page, ".missing").filter(
      ({ textContent }) => textContent === "not measured",
    );
    expect(missing.length).toBeGreaterThanOrEqual(assessments.length * 4);
    expect(textOf(page)).not.toMatch(/undefined|NaN|null|Infinity/);
  });

  test("a build with nothing in it still renders", async () => {
    const { losses: _, confusion: __, detailed: ___, ...rest } = code;
    const page = await renderReport({
      ...rest,
      selection: { winner: undefined, assessments: [], reason: "Nothing was evaluated." },
      waterfall: [],
      mistakes: [],
      data: { ...code.data, read: 0, kept: 0, dropped: [], classes: [] },
      stages: [],
      settings: [],
      commands: [],
      versions: [],
      digests: [],
      licences: [],
    });
    expect(all(page, "main > section")).toHaveLength(12);
    expect(textOf(page)).not.toMatch(/undefined|NaN|Infinity/);
  });

  test("a cost without a finite value is said and not drawn", async () => {
    const [first, ...others] = code.selection.assessments;
    if (first === undefined) throw new Error("the fixture has variants");
    const cost = { value: Infinity, low: Infinity, high: Infinity };
    const terms = { machine: Infinity, escalation: 0, error: Infinity, total: Infinity };
    const assessments = [{ ...first, cost, terms }, ...others];
    const page = await renderReport({ ...code, selection: { ...code.selection, assessments } });
    expect(textOf(page)).toContain("no finite value");
    expect(page).not.toMatch(/NaN|Infinity[^"]*"\/>/);
  });

  test("of no answers there is no share that is right", async () => {
    const none = { value: 0, low: 0, high: 1 };
    const assessments = code.selection.assessments.map((a) => ({
      ...a,
      straightThrough: none,
      answeredAccuracy: none,
    }));
    const data = { ...code, selection: { ...code.selection, assessments } };
    const figure = collectFigures(data).get("tuned-q4_0.answered-accuracy");
    expect(figure?.value).toBeUndefined();
    expect(textOf(await renderReport(data))).not.toContain("0.0% of them correct");
    expect(renderTextSummary(data, { width: 100, colour: false })).toContain("no answer is sure");
  });

  test("one class, one record, one step", async () => {
    const confusion = { field: "sector", labels: ["only"], counts: [[1]] };
    const page = await renderReport({ ...code, confusion, waterfall: code.waterfall.slice(0, 1) });
    expect(textOf(page)).toContain("1 of 1 test records right");
    expect(page).not.toContain("NaN");
  });

  test("a hundred classes: the matrix shows the worst, the table has them all", async () => {
    const labels = Array.from({ length: 100 }, (_, i) => `class ${i}`);
    const counts = labels.map((_, i) =>
      labels.map((__, j) => (i === j ? 9 : (i * j) % 97 === 1 ? 2 : 0)),
    );
    const page = await renderReport({ ...code, confusion: { field: "sector", labels, counts } });
    expect(textOf(page)).toContain("Drawn are the 30 classes of 100");
    expect(all(page, "#detail tbody tr")).toHaveLength(100);
  });
});
