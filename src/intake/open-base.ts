import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { digestFile, openByteFile } from "../disk/index.ts";
import {
  checkVocabulary,
  ggufWeights,
  openGguf,
  textAt,
  type GgufMetadata,
} from "../formats/index.ts";
import { SampanError, suggest, type Digest } from "../kernel/index.ts";
import {
  baseEntrySchema,
  type BaseEntry,
  type Licence,
  type ModelConfig,
} from "../schema/index.ts";
import { convertOnce } from "./convert-folder.ts";
import { findSourceFile } from "./find-source-file.ts";
import type { Whereabouts } from "./places.ts";

/** An open-weights model, found, checked and ready to be read. */
export interface Base {
  readonly name: string;
  /** Of a GGUF file. */
  readonly path: string;
  readonly sha256: Digest;
  readonly bytes: number;
  readonly config: ModelConfig;
  readonly licence: Licence | undefined;
  /** Texts that must travel with the weights. */
  readonly licenceFiles: readonly { readonly name: string; readonly path: string }[];
  /** Where it came from, for the bill of materials. */
  readonly source: string;
}

/** The bases that Sampan knows by name; `catalogue/bases.json`. */
export function readBaseCatalogue(): readonly BaseEntry[] {
  const path = new URL("../../catalogue/bases.json", import.meta.url);
  return z.array(baseEntrySchema).parse(JSON.parse(readFileSync(path, "utf8")));
}

/** A base by its name in the catalogue, or by the path of a GGUF file or of a Hugging Face folder; checked before it is given back. */
export async function openBase(
  nameOrPath: string,
  where: Omit<Whereabouts, "name">,
): Promise<Base> {
  const catalogue = readBaseCatalogue();
  const entry = catalogue.find(({ name }) => name === nameOrPath);
  if (entry !== undefined) return openCatalogued(entry, where);
  const path = resolve(where.baseFolder, nameOrPath);
  if (existsSync(path)) {
    const isFolder = statSync(path).isDirectory();
    const file = isFolder ? convertOnce(path, where.home, where.emit) : path;
    return openFile(file, isFolder ? `${path} (converted)` : path);
  }
  throw unknownBase(nameOrPath, path, catalogue);
}

async function openCatalogued(entry: BaseEntry, where: Omit<Whereabouts, "name">): Promise<Base> {
  const found = await findSourceFile(entry.file, { ...where, name: entry.name });
  const licenceFiles: { name: string; path: string }[] = [];
  for (const { name, file } of entry.licence.files) {
    const text = await findSourceFile(file, { ...where, name: `${entry.name}'s ${name}` });
    licenceFiles.push({ name, path: text.path });
  }
  const { config } = inspect(found.path);
  const { name, licence, source } = entry;
  return { ...found, name, config, licence, licenceFiles, source };
}

function openFile(path: string, source: string): Base {
  const { config, metadata } = inspect(path);
  const name = textAt(metadata, "general.name") ?? path;
  return {
    name,
    path,
    sha256: digestFile(path),
    bytes: statSync(path).size,
    config,
    licence: statedLicence(metadata),
    licenceFiles: [],
    source,
  };
}

/** Opens the file far enough to know that it is whole and of a supported family. */
function inspect(path: string): { config: ModelConfig; metadata: GgufMetadata } {
  using file = openByteFile(path);
  const gguf = openGguf(file);
  const { config } = ggufWeights(gguf);
  checkVocabulary(gguf, config.vocabulary);
  return { config, metadata: gguf.metadata };
}

function statedLicence(metadata: GgufMetadata): Licence | undefined {
  const stated = textAt(metadata, "general.license");
  if (stated === undefined || stated === "") return undefined;
  const known = ["Apache-2.0", "MIT", "BSD-3-Clause", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0"];
  const id = known.find((spdx) => spdx.toLowerCase() === stated.toLowerCase());
  return {
    id: id ?? `LicenseRef-${stated.replaceAll(/[^A-Za-z0-9.-]+/g, "-")}`,
    name: stated,
    files: [],
  };
}

function unknownBase(given: string, path: string, catalogue: readonly BaseEntry[]): SampanError {
  const names = catalogue.map(({ name }) => name);
  const near = suggest(given, names);
  return new SampanError("not-found", `there is no base "${given}" and no file ${path}`, {
    hint: `${near === undefined ? "" : `Did you mean ${near}? `}Known bases: ${names.join(", ")}; or give the path of a GGUF file or of a Hugging Face folder.`,
  });
}
