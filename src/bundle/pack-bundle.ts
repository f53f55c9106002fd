import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { replaceFolder, writeAtomically } from "../disk/index.ts";
import { SampanError, type Digest } from "../kernel/index.ts";
import {
  bundleFormat,
  bundleManifestSchema,
  type BundleFacts,
  type BundleFile,
  type BundleManifest,
} from "../schema/index.ts";
import { bundleReadme, readmeName } from "./bundle-readme.ts";
import { placeFile, type FileOrigin } from "./place-file.ts";
import {
  checkPaths,
  manifestDigestName,
  manifestDigestText,
  manifestName,
  manifestText,
  readManifest,
} from "./read-manifest.ts";

/** One part of a bundle to be. */
export interface BundlePart {
  /** Where it goes in the bundle. */
  readonly path: string;
  readonly from: FileOrigin;
}

export interface PackRequest {
  /** Folder to make; an older bundle there is replaced, anything else is refused. */
  readonly folder: string;
  readonly facts: BundleFacts;
  /** In any order. `README.md` is written unless it is given. */
  readonly files: readonly BundlePart[];
}

export interface PackedBundle {
  readonly folder: string;
  /** sha256 of the manifest: the digest of the whole bundle. */
  readonly digest: Digest;
  /** Of all files but the manifest. */
  readonly bytes: number;
  readonly manifest: BundleManifest;
}

/**
 * Packs a bundle beside its place and renames it there whole: a folder that is there is complete, whenever
 * the process is killed. Same facts and parts, same bytes. `disk-failed` when it cannot be written,
 * `usage-invalid` when the folder holds something else.
 */
export async function packBundle(request: PackRequest): Promise<PackedBundle> {
  const folder = resolve(request.folder);
  const parts = withReadme(request);
  // With digests yet to come, so that a bad path or fact is told before gigabytes are copied.
  makeManifest(
    request.facts,
    parts.map(({ path }) => ({ path, bytes: 0, sha256: "0".repeat(64) })),
  );
  return replaceFolder(folder, isBundle, (beside) => {
    const files = parts.map(({ path, from }) => placeFile(beside, path, from));
    const manifest = makeManifest(request.facts, files);
    const text = manifestText(manifest);
    writeAtomically(join(beside, manifestName), [text]);
    writeAtomically(join(beside, manifestDigestName), [manifestDigestText(text)]);
    const { digest } = readManifest(beside);
    const bytes = files.reduce((total, file) => total + file.bytes, 0);
    return { folder, digest, bytes, manifest };
  });
}

function withReadme({ facts, files }: PackRequest): readonly BundlePart[] {
  const paths = files.map(({ path }) => path);
  if (paths.includes(readmeName)) return files;
  const bytes = bundleReadme(facts, paths);
  return [...files, { path: readmeName, from: { kind: "bytes", bytes } }];
}

function makeManifest(facts: BundleFacts, files: readonly BundleFile[]): BundleManifest {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const parsed = bundleManifestSchema.safeParse({ ...facts, format: bundleFormat, files: sorted });
  const [issue] = parsed.error?.issues ?? [];
  const problem = parsed.success
    ? checkPaths(parsed.data)
    : `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`;
  if (parsed.success && problem === undefined) return parsed.data;
  throw new SampanError("internal", `a bundle cannot be packed like this: ${problem ?? ""}`, {
    hint: "This is a defect in Sampan; please report it with the command you ran.",
  });
}

function isBundle(folder: string): boolean {
  return existsSync(join(folder, manifestName)) && existsSync(join(folder, manifestDigestName));
}
