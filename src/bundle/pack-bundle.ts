import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { replaceFolder, tidyBeside, writeAtomically } from "../disk/index.ts";
import { sha256, type Digest } from "../kernel/index.ts";
import type { BundleFacts, BundleFile, BundleManifest } from "../schema/index.ts";
import { bundleReadme, readmeName } from "./bundle-readme.ts";
import { makeManifest } from "./make-manifest.ts";
import { describeFile, placeFile, type FileOrigin } from "./place-file.ts";
import {
  manifestDigestName,
  manifestDigestText,
  manifestName,
  manifestText,
  readManifest,
} from "./read-manifest.ts";
import { verifyBundle } from "./verify-bundle.ts";

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
 * the process is killed. Same facts and parts, same bytes; a bundle that has them already, every byte
 * checked, stays as it is. `disk-failed` when it cannot be written,
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
  tidyBeside(folder);
  const kept = findSame(folder, request.facts, parts);
  if (kept !== undefined) return { folder, ...kept };
  return replaceFolder(folder, isBundle, (beside) => {
    const files = parts.map(({ path, from }) => placeFile(beside, path, from));
    const manifest = makeManifest(request.facts, files);
    const text = manifestText(manifest);
    writeAtomically(join(beside, manifestName), [text]);
    writeAtomically(join(beside, manifestDigestName), [manifestDigestText(text)]);
    const { digest } = readManifest(beside);
    return { folder, digest, bytes: countBytes(files), manifest };
  });
}

/** What the folder holds, when it is whole and byte for byte what would be packed: reading is cheaper than writing. */
function findSame(
  folder: string,
  facts: BundleFacts,
  parts: readonly BundlePart[],
): Omit<PackedBundle, "folder"> | undefined {
  if (!isBundle(folder)) return undefined;
  let files;
  try {
    files = parts.map(({ path, from }) => describeFile(path, from));
  } catch {
    // A part that cannot be read: the packing that follows tells.
    return undefined;
  }
  const manifest = makeManifest(facts, files);
  const digest = sha256(Buffer.from(manifestText(manifest)));
  if (!verifyBundle(folder, digest).ok) return undefined;
  return { digest, bytes: countBytes(files), manifest };
}

function countBytes(files: readonly BundleFile[]): number {
  return files.reduce((total, file) => total + file.bytes, 0);
}

function withReadme({ facts, files }: PackRequest): readonly BundlePart[] {
  const paths = files.map(({ path }) => path);
  if (paths.includes(readmeName)) return files;
  const bytes = bundleReadme(facts, paths);
  return [...files, { path: readmeName, from: { kind: "bytes", bytes } }];
}

function isBundle(folder: string): boolean {
  return existsSync(join(folder, manifestName)) && existsSync(join(folder, manifestDigestName));
}
