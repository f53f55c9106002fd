import { readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { digestFile } from "../disk/index.ts";
import { SampanError, type Digest } from "../kernel/index.ts";
import type { BundleFile } from "../schema/index.ts";
import { checkPlace, unreadable, type BundleProblem } from "./check-place.ts";
import { printable } from "./printable.ts";
import { manifestDigestName, manifestName, readManifest } from "./read-manifest.ts";

export interface BundleVerdict {
  readonly ok: boolean;
  /** The bundle's digest, when its manifest could be read. */
  readonly digest: Digest | undefined;
  /** How many files the manifest names. */
  readonly files: number;
  readonly problems: readonly BundleProblem[];
}

/** A folder nested deeper than any path in a manifest. */
const deepest = 8;
/** Enough to see what is wrong; a folder of a million strangers is not listed whole. */
const mostExtras = 100;

/**
 * Checks a bundle without a network: the manifest is whole, every file is there, plain, of its size and
 * digest, and nothing else is there. One flipped bit anywhere is a problem.
 * @param expected digest that the sender told by another way; without it a bundle that was changed and
 *   given a new manifest passes
 */
export function verifyBundle(folder: string, expected?: Digest): BundleVerdict {
  let read;
  try {
    read = readManifest(folder);
  } catch (cause) {
    if (!SampanError.isInstance(cause)) throw cause;
    const problem = { kind: "manifest", path: manifestName, message: cause.message } as const;
    return { ok: false, digest: undefined, files: 0, problems: [problem] };
  }
  const { manifest, digest } = read;
  const problems: BundleProblem[] = [];
  if (expected !== undefined && expected !== digest) {
    problems.push({
      kind: "digest",
      path: manifestName,
      message: `the bundle's digest is ${digest}, not the expected ${expected}`,
    });
  }
  const known = new Set([manifestName, manifestDigestName, ...manifest.files.map((f) => f.path)]);
  problems.push(...findStrangers(folder, known));
  for (const file of manifest.files) {
    const problem = checkFile(folder, file);
    if (problem !== undefined) problems.push(problem);
  }
  return { ok: problems.length === 0, digest, files: manifest.files.length, problems };
}

function checkFile(folder: string, file: BundleFile): BundleProblem | undefined {
  const problem = checkPlace(folder, file);
  if (problem !== undefined) return problem;
  const { path } = file;
  try {
    const digest = digestFile(join(folder, path));
    if (digest === file.sha256) return undefined;
    return { kind: "changed", path, message: `${path} was changed: its sha256 is ${digest}` };
  } catch (cause) {
    return unreadable(path, cause);
  }
}

/** Everything in the folder that the manifest does not name; links are never followed. */
function findStrangers(folder: string, known: ReadonlySet<string>): BundleProblem[] {
  const folders = new Set<string>();
  for (const path of known) {
    for (let cut = path.indexOf("/"); cut >= 0; cut = path.indexOf("/", cut + 1)) {
      folders.add(path.slice(0, cut));
    }
  }
  const problems: BundleProblem[] = [];
  const walk = (inner: string, depth: number): void => {
    let entries: Dirent[] = [];
    try {
      entries = readdirSync(join(folder, inner), { withFileTypes: true });
    } catch (cause) {
      problems.push(unreadable(inner === "" ? "." : inner, cause));
    }
    for (const entry of entries) {
      if (problems.length >= mostExtras) return;
      const path = inner === "" ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory() && folders.has(path) && depth < deepest) walk(path, depth + 1);
      else if (entry.isDirectory() || !known.has(path)) problems.push(extra(path));
    }
  };
  walk("", 0);
  return problems;
}

function extra(path: string): BundleProblem {
  const shown = printable(path);
  return { kind: "extra", path: shown, message: `${shown} does not belong to it` };
}
