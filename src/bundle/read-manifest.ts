import { lstatSync, type Stats } from "node:fs";
import { join } from "node:path";
import { openByteFile } from "../disk/index.ts";
import { canonicalJson, SampanError, sha256, type Digest } from "../kernel/index.ts";
import { bundleFormat, bundleManifestSchema, type BundleManifest } from "../schema/index.ts";
import { printable } from "./printable.ts";

export const manifestName = "manifest.json";
/** Beside the manifest, in the form that `sha256sum --check` reads. */
export const manifestDigestName = "manifest.sha256";

/** 10,000 files of the longest path are about 3 MB. */
const mostManifestBytes = 4 << 20;
const repack = "Carry the bundle over again, or pack it anew with sampan build.";

export interface ReadManifest {
  readonly manifest: BundleManifest;
  /** sha256 of the manifest's bytes: the digest of the whole bundle. */
  readonly digest: Digest;
}

/** The bytes of a manifest: sorted keys, two spaces, a newline at the end. */
export function manifestText(manifest: BundleManifest): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(manifest)), undefined, 2)}\n`;
}

/** The text of the file that holds the digest of a manifest's bytes. */
export function manifestDigestText(manifest: string | Uint8Array): string {
  return `${sha256(manifest)}  ${manifestName}\n`;
}

/**
 * Reads and checks a bundle's manifest and its digest, and nothing else. `not-found` when the folder is no
 * bundle, `format-corrupt` when the manifest is not one, `digest-mismatch` when it was changed.
 */
export function readManifest(folder: string): ReadManifest {
  const bytes = readPlainFile(folder, manifestName, mostManifestBytes);
  const digest = sha256(bytes);
  const promised = readPlainFile(folder, manifestDigestName, 1_000);
  const text = decodeUtf8(folder, bytes);
  if (Buffer.from(promised).toString("latin1") !== manifestDigestText(bytes)) {
    throw new SampanError(
      "digest-mismatch",
      `${join(folder, manifestName)} is not the file that ${manifestDigestName} names`,
      { hint: repack, details: { digest } },
    );
  }
  const manifest = parseManifest(folder, text);
  const problem = checkPaths(manifest);
  if (problem !== undefined) throw corrupt(folder, problem);
  if (manifestText(manifest) !== text) {
    throw corrupt(folder, "it is not written the way Sampan writes manifests");
  }
  return { manifest, digest };
}

function readPlainFile(folder: string, name: string, most: number): Uint8Array {
  const path = join(folder, name);
  const status = look(path);
  if (status === undefined) {
    throw new SampanError("not-found", `${folder} is no bundle: it has no ${name}`, {
      hint: "Give the folder that sampan build named at its end.",
    });
  }
  if (!status.isFile()) throw corrupt(folder, `${name} is not a plain file`);
  if (status.size > most) {
    throw corrupt(folder, `${name} has ${status.size} bytes, more than the ${most} it may have`);
  }
  using file = openByteFile(path);
  return file.read(0, file.size);
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw new SampanError("not-found", `${path} cannot be read`, {
      hint: "Check the path and its permissions.",
      cause,
    });
  }
}

function decodeUtf8(folder: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw corrupt(folder, "it is not UTF-8", cause);
  }
}

function parseManifest(folder: string, text: string): BundleManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw corrupt(folder, "it is not JSON; perhaps it was cut short", cause);
  }
  const format = typeof value === "object" && value !== null && "format" in value && value.format;
  if (typeof format === "number" && format !== bundleFormat) {
    throw new SampanError(
      "format-corrupt",
      `${folder} is a bundle of format ${format}; this Sampan reads format ${bundleFormat}`,
      { hint: "Use the version of Sampan that packed it; the manifest's createdBy names it." },
    );
  }
  const parsed = bundleManifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw corrupt(folder, `${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "invalid"}`);
}

/** What is wrong with the list: it must be sorted, with no two names that a case-blind disk takes for one. */
export function checkPaths(manifest: BundleManifest): string | undefined {
  const seen = new Set<string>([manifestName, manifestDigestName]);
  let previous = "";
  for (const { path } of manifest.files) {
    const name = path.toLowerCase();
    if (seen.has(name)) return `${path} is there twice`;
    if (path <= previous) return `the files are not sorted at ${path}`;
    for (let cut = name.indexOf("/"); cut >= 0; cut = name.indexOf("/", cut + 1)) {
      if (seen.has(name.slice(0, cut))) return `${path} lies below a file`;
    }
    seen.add(name);
    previous = path;
  }
  return undefined;
}

function corrupt(folder: string, what: string, cause?: unknown): SampanError {
  return new SampanError("format-corrupt", `${join(folder, manifestName)}: ${printable(what)}`, {
    hint: repack,
    ...(cause === undefined ? {} : { cause }),
  });
}
