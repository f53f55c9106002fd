import { existsSync, readdirSync, readFileSync } from "node:fs";
import { SampanError } from "../../kernel/index.ts";
import {
  parseAccelerators,
  parseAdaptation,
  parseEfficiency,
  parseLinks,
  parseModels,
  parsePrices,
  type Efficiency,
  type KnownModel,
  type RowCatalogue,
} from "../../planner/index.ts";
import { parseServingEfficiency, type ServingEfficiency } from "../../planner/serving/index.ts";
import type { Adaptation, PriceList } from "../../schema/index.ts";

const folder = new URL("../../../catalogue/", import.meta.url);

function read(file: string): string {
  try {
    return readFileSync(new URL(file, folder), "utf8");
  } catch (cause) {
    throw new SampanError("not-found", `catalogue/${file} cannot be read`, {
      hint: "It comes with Sampan; install it again.",
      cause,
    });
  }
}

/** Files of a folder of the catalogue, in order; none where there is no such folder. */
function filesOf(part: string): readonly string[] {
  const place = new URL(part, folder);
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => `${part}${file}`);
}

/** Chips, links and models that Sampan knows. */
export function openCatalogue(): RowCatalogue {
  return {
    accelerators: filesOf("accelerators/").flatMap((file) => parseAccelerators(read(file), file)),
    links: parseLinks(read("links.json"), "links.json"),
    models: openModels(),
  };
}

function openModels(): readonly KnownModel[] {
  const own = filesOf("models/").flatMap((file) => parseModels(read(file), file));
  return [...own, ...parseModels(read("architectures.json"), "architectures.json")];
}

/** The fitted coefficients. */
export function openEfficiency(): Efficiency {
  return parseEfficiency(read("efficiency.json"));
}

/** The fitted coefficients of serving. */
export function openServingEfficiency(): ServingEfficiency {
  return parseServingEfficiency(read("serving-efficiency.json"));
}

/** The rows that came with Sampan, as parsed JSON. */
export function openPublishedRuns(): unknown {
  return JSON.parse(read("published-runs.json"));
}

/** How far platforms are from the reference, and what closes the gap. */
export function openAdaptation(): Adaptation {
  return parseAdaptation(read("adaptation.json"), "adaptation.json");
}

/** Power, cooling, staff, failures and the rest of what a fleet costs. */
export function openPrices(): PriceList {
  return parsePrices(read("prices.json"), "prices.json");
}
