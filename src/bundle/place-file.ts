import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { digestFile, writeAtomically } from "../disk/index.ts";
import { SampanError, sha256 } from "../kernel/index.ts";
import type { BundleFile } from "../schema/index.ts";

/** Where a part's bytes come from. */
export type FileOrigin =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array | string };

/** Puts one part into the folder and says what was put; the digest is of the bytes that lie there. */
export function placeFile(folder: string, path: string, from: FileOrigin): BundleFile {
  const target = join(folder, path);
  if (from.kind === "bytes") {
    const bytes = typeof from.bytes === "string" ? Buffer.from(from.bytes, "utf8") : from.bytes;
    writeAtomically(target, [bytes]);
    return { path, bytes: bytes.length, sha256: sha256(bytes) };
  }
  const status = statSync(from.path, { throwIfNoEntry: false });
  if (status?.isFile() !== true) {
    throw new SampanError("not-found", `${from.path}, to be packed as ${path}, is no file`, {
      hint: "Run the build again: it makes what is missing.",
    });
  }
  mkdirSync(dirname(target), { recursive: true });
  // A copy (shared blocks where the file system can), not a hard link: a bundle that somebody edits or
  // damages must not change the store it came from.
  copyFileSync(from.path, target, constants.COPYFILE_FICLONE);
  makeDurable(target);
  return { path, bytes: statSync(target).size, sha256: digestFile(target) };
}

function makeDurable(path: string): void {
  const descriptor = openSync(path, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
