import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Grammar } from "../src/schema/index.ts";

/** One task in two written forms, for every runtime alike. */
export interface BenchTask {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly schema: object;
  readonly json: Grammar;
  readonly lines: Grammar;
  readonly jsonExamples: string;
  readonly lineExamples: string;
}

const sectors = [
  "Accommodation and Food Services",
  "Administrative and Support and Waste Management and Remediation Services",
  "Agriculture, Forestry, Fishing and Hunting",
  "Arts, Entertainment, and Recreation",
  "Construction",
  "Educational Services",
  "Finance and Insurance",
  "Health Care and Social Assistance",
  "Information",
  "Manufacturing",
  "Mining, Quarrying, and Oil and Gas Extraction",
  "Other Services (except Public Administration)",
  "Professional, Scientific, and Technical Services",
  "Public Administration",
  "Real Estate and Rental and Leasing",
  "Retail Trade",
  "Transportation and Warehousing",
  "Utilities",
  "Wholesale Trade",
];
const fields = { number: 12, street: 40, city: 30, state: 20, zip: 12 };

export function benchTasks(count: number): BenchTask[] {
  return [industry(count), address(count)];
}

function industry(count: number): BenchTask {
  const quoted = sectors.map((sector) => JSON.stringify(sector));
  return {
    name: "industry code (19 sector titles)",
    inputs: phrases(count),
    schema: { type: "object", properties: { sector: { enum: sectors } } },
    json: sequence([literal('{"sector":'), { kind: "choice", options: quoted }, literal("}")]),
    lines: { kind: "choice", options: sectors },
    jsonExamples:
      'corn farming\n{"sector":"Agriculture, Forestry, Fishing and Hunting"}\nhardware stores\n{"sector":"Retail Trade"}\n',
    lineExamples:
      "corn farming\nAgriculture, Forestry, Fishing and Hunting\nhardware stores\nRetail Trade\n",
  };
}

function address(count: number): BenchTask {
  const entries = Object.entries(fields);
  const text = (max: number, encoding: "line" | "json"): Grammar => ({
    kind: "span",
    encoding,
    min: 1,
    max,
    wholeWords: true,
  });
  const shot = { number: "4500", street: "Lee Rd", city: "Dallas", state: "TX", zip: "75201" };
  const shot2 = { number: "12", street: "N Main St", city: "Boise", state: "ID", zip: "83701" };
  const lines = (of: object) =>
    Object.entries(of)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join("");
  const [line1, line2] = ["4500 Lee Rd, Dallas, TX 75201", "12 N Main St Boise ID, 83701"];
  return {
    name: "postal address (5 fields)",
    inputs: addresses(count),
    schema: {
      type: "object",
      properties: Object.fromEntries(
        entries.map(([key, maxLength]) => [key, { type: "string", minLength: 1, maxLength }]),
      ),
    },
    json: sequence([
      ...entries.flatMap(([key, max], i) => [
        literal(`${i === 0 ? "{" : '",'}"${key}":"`),
        text(max, "json"),
      ]),
      literal('"}'),
    ]),
    lines: sequence(
      entries.flatMap(([key, max]) => [literal(`${key}: `), text(max, "line"), literal("\n")]),
    ),
    jsonExamples: `${line1}\n${JSON.stringify(shot)}\n${line2}\n${JSON.stringify(shot2)}\n`,
    lineExamples: `${line1}\n${lines(shot)}${line2}\n${lines(shot2)}`,
  };
}

/** Every so many-th illustrative example of the `naics` package, which the first example task uses. */
function phrases(count: number): string[] {
  const root = dirname(createRequire(import.meta.url).resolve("naics/package.json"));
  const text = readFileSync(join(root, "data", "2017_NAICS_Descriptions.json"), "utf8");
  const found = [...text.matchAll(/Illustrative Examples:(.*?)Cross-References/gs)]
    .flatMap(([, list = ""]) => list.split(/\\r\\n|\\n|<[^>]*>|;/))
    .map((phrase) => phrase.trim())
    .filter((phrase) => /^[A-Z][\w ,()-]{8,60}$/.test(phrase));
  const unique = [...new Set(found)].sort();
  const step = Math.max(1, Math.floor(unique.length / count));
  return Array.from({ length: count }, (_, i) => unique[i * step] ?? `phrase ${i}`);
}

function addresses(count: number): string[] {
  const streets = [
    "Pennsylvania Ave NW",
    "W Lake St",
    "Old Mill Rd",
    "Sunset Blvd",
    "E 42nd Street",
  ];
  const cities = ["Washington, DC", "Chicago, IL", "Santa Fe NM", "Los Angeles, CA", "New York NY"];
  return Array.from(
    { length: count },
    (_, i) => `${100 + i * 37} ${streets[i % 5]}, ${cities[(i * 3) % 5]} ${10_000 + i * 631}`,
  );
}

function literal(text: string): Grammar {
  return { kind: "literal", text };
}

function sequence(items: readonly Grammar[]): Grammar {
  return { kind: "sequence", items };
}
