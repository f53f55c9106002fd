import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { textAt, type GgufMetadata } from "../formats/index.ts";
import { SampanError } from "../kernel/index.ts";
import type { BaseEntry, Licence } from "../schema/index.ts";
import { findSourceFile } from "./find-source-file.ts";
import type { Whereabouts } from "./places.ts";

/** A text that must travel with the weights. */
export interface LicenceFile {
  readonly name: string;
  readonly path: string;
}

/** How model cards and GGUF files spell the licences that SPDX knows. */
const spdx = [
  "Apache-2.0",
  "MIT",
  "BSD-3-Clause",
  "CC-BY-4.0",
  "CC-BY-SA-4.0",
  "CC-BY-NC-4.0",
  "CC0-1.0",
];
const licenceNames = /^(?:licen[cs]e|notice|use_policy|terms)(?:[._-].*)?$/i;
const maximalLicenceBytes = 1 << 22;

/** The texts of a catalogued base's licence, fetched like any file. */
export async function fetchLicenceFiles(
  { name: base, licence }: BaseEntry,
  where: Omit<Whereabouts, "name">,
): Promise<LicenceFile[]> {
  const files: LicenceFile[] = [];
  for (const { name, file } of licence.files) {
    const { path } = await findSourceFile(file, { ...where, name: `${base}'s ${name}` });
    files.push({ name, path });
  }
  return files;
}

/** As `fetchLicenceFiles`, for a base that a person brought: what is out of reach is said, not required. */
export async function tryLicenceFiles(
  entry: BaseEntry,
  where: Omit<Whereabouts, "name">,
): Promise<LicenceFile[]> {
  try {
    return await fetchLicenceFiles(entry, where);
  } catch (cause) {
    if (!SampanError.isInstance(cause) || cause.code !== "source-unreachable") throw cause;
    const text = `the texts of the ${entry.licence.name} are out of reach: put them beside what you hand on`;
    where.emit({ kind: "warning", text });
    return [];
  }
}

/** Licence texts that lie in a model's folder. */
export function licenceFilesIn(folder: string): LicenceFile[] {
  return readdirSync(folder)
    .filter((name) => licenceNames.test(name))
    .sort()
    .map((name) => ({ name, path: join(folder, name) }))
    .filter(({ path }) => statSync(path).isFile() && statSync(path).size <= maximalLicenceBytes);
}

/** The licence that a GGUF names; a catalogued one's with its notice, undefined when none is named. */
export function statedLicence(
  metadata: GgufMetadata,
  catalogue: readonly BaseEntry[],
): Licence | undefined {
  const stated = textAt(metadata, "general.license")?.trim().toLowerCase() ?? "";
  if (stated === "") return undefined;
  const known = spdx.find((id) => id.toLowerCase() === stated);
  const id = known ?? `LicenseRef-${stated.replaceAll(/[^a-z0-9.-]+/g, "-")}`;
  const entry = catalogue.find(({ licence }) => licence.id.toLowerCase() === id.toLowerCase());
  return { ...(entry?.licence ?? { id, name: known ?? stated }), files: [] };
}
