import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
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
  type Place,
} from "../schema/index.ts";
import { convertOnce } from "./convert-folder.ts";
import { findSourceFile } from "./find-source-file.ts";
import {
  fetchLicenceFiles,
  licenceFilesIn,
  statedLicence,
  tryLicenceFiles,
  type LicenceFile,
} from "./licences.ts";
import type { Whereabouts } from "./places.ts";

/** An open-weights model, found, checked and ready to be read. */
export interface Base {
  readonly name: string;
  /** The catalogue's name or the digest: the same on every machine, unlike the name of a path. */
  readonly reference: string;
  /** Of a GGUF file. */
  readonly path: string;
  readonly sha256: Digest;
  readonly bytes: number;
  readonly config: ModelConfig;
  readonly licence: Licence | undefined;
  /** Texts that must travel with the weights. */
  readonly licenceFiles: readonly LicenceFile[];
  /** Where it came from, for the bill of materials. */
  readonly source: string;
}

/** The bases that Sampan knows by name; `catalogue/bases.json`. */
export function readBaseCatalogue(): readonly BaseEntry[] {
  const path = new URL("../../catalogue/bases.json", import.meta.url);
  return z.array(baseEntrySchema).parse(JSON.parse(readFileSync(path, "utf8")));
}

/**
 * A base by its name in the catalogue, or by the path of a GGUF file or of a Hugging Face folder; checked
 * before it is given back.
 */
export async function openBase(
  nameOrPath: string,
  where: Omit<Whereabouts, "name">,
): Promise<Base> {
  const found = lookUp(nameOrPath, where.baseFolder);
  return "entry" in found ? openCatalogued(found.entry, where) : openPath(found.path, where);
}

/** What can be said of a base without fetching or converting it: its name is known, or its file is sound. */
export function checkBase(nameOrPath: string, baseFolder: string): void {
  const found = lookUp(nameOrPath, baseFolder);
  if ("path" in found && !statSync(found.path).isDirectory()) inspect(found.path);
}

function lookUp(
  nameOrPath: string,
  baseFolder: string,
): { readonly entry: BaseEntry } | { readonly path: string } {
  const catalogue = readBaseCatalogue();
  const entry = catalogue.find(({ name }) => name === nameOrPath);
  if (entry !== undefined) return { entry };
  const path = resolve(baseFolder, nameOrPath);
  if (!existsSync(path)) throw unknownBase(nameOrPath, path, catalogue);
  return { path };
}

async function openCatalogued(entry: BaseEntry, where: Omit<Whereabouts, "name">): Promise<Base> {
  const { name, licence, file } = entry;
  const found = await findSourceFile(file, { ...where, name });
  const licenceFiles = await fetchLicenceFiles(entry, where);
  const { config } = inspect(found.path);
  const source = file.places.map(describePlace).join("; ");
  return { ...found, name, reference: name, config, licence, licenceFiles, source };
}

async function openPath(path: string, where: Omit<Whereabouts, "name">): Promise<Base> {
  const catalogue = readBaseCatalogue();
  const isFolder = statSync(path).isDirectory();
  const file = isFolder ? convertOnce(path, where.home, where.emit) : path;
  const { config, metadata } = inspect(file);
  const sha256 = digestFile(file);
  const same = catalogue.find((entry) => entry.file.sha256 === sha256);
  const licenceFiles = isFolder ? licenceFilesIn(path) : [];
  return {
    name: same?.name ?? textAt(metadata, "general.name") ?? basename(path),
    reference: same?.name ?? `sha256:${sha256}`,
    path: file,
    sha256,
    bytes: statSync(file).size,
    config,
    licence: same?.licence ?? statedLicence(metadata, catalogue),
    licenceFiles: same === undefined ? licenceFiles : await tryLicenceFiles(same, where),
    source: isFolder ? `${path} (converted)` : path,
  };
}

/** One place in a few words, for the bill of materials. */
function describePlace(place: Place): string {
  if ("path" in place) return place.path;
  if ("npm" in place) return `npm ${place.npm}`;
  if ("hub" in place) return `hub ${place.hub}`;
  return `pip ${[...new Set(place.pip.map(({ requirement }) => requirement))].join(" + ")}`;
}

/** Opens the file far enough to know that it is whole and of a supported family. */
function inspect(path: string): { config: ModelConfig; metadata: GgufMetadata } {
  using file = openByteFile(path);
  const gguf = openGguf(file);
  const { config } = ggufWeights(gguf);
  checkVocabulary(gguf, config.vocabulary);
  return { config, metadata: gguf.metadata };
}

function unknownBase(given: string, path: string, catalogue: readonly BaseEntry[]): SampanError {
  const names = catalogue.map(({ name }) => name);
  const near = suggest(given, names);
  return new SampanError("not-found", `there is no base "${given}" and no file ${path}`, {
    hint: `${near === undefined ? "" : `Did you mean ${near}? `}Known bases: ${names.join(", ")}; or give the path of a GGUF file or of a Hugging Face folder.`,
  });
}
