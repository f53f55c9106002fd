import { lstatSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import type { BundleFile } from "../schema/index.ts";

/** One thing that is wrong with a bundle. */
export interface BundleProblem {
  readonly kind:
    | "manifest"
    | "digest"
    | "missing"
    | "changed"
    | "extra"
    | "not-plain"
    | "unreadable";
  /** Path inside the bundle. */
  readonly path: string;
  readonly message: string;
}

/** Kind and size of one file and of the folders it lies in, without reading it; links are not followed. */
export function checkPlace(folder: string, file: BundleFile): BundleProblem | undefined {
  const { path } = file;
  try {
    for (let inner = dirname(path); inner !== "."; inner = dirname(inner)) {
      if (look(folder, inner)?.isSymbolicLink() === true) {
        return { kind: "not-plain", path, message: `${inner}, which holds ${path}, is a link` };
      }
    }
    const status = look(folder, path);
    if (status === undefined) return { kind: "missing", path, message: `${path} is missing` };
    if (!status.isFile()) {
      return { kind: "not-plain", path, message: `${path} is no plain file (a link or device)` };
    }
    if (status.size === file.bytes) return undefined;
    const message = `${path} has ${status.size} bytes, not ${file.bytes}`;
    return { kind: "changed", path, message };
  } catch (cause) {
    return unreadable(path, cause);
  }
}

/** A problem for a system error that kept something from being looked at. */
export function unreadable(path: string, cause: unknown): BundleProblem {
  const why = cause instanceof Error ? cause.message : "unknown error";
  return { kind: "unreadable", path, message: `${path} cannot be read: ${why}` };
}

function look(folder: string, path: string): Stats | undefined {
  return lstatSync(join(folder, path), { throwIfNoEntry: false });
}
