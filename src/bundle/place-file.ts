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
import { SampanError, sha256, type Digest } from "../kernel/index.ts";
import type { BundleFile } from "../schema/index.ts";

/** Where a part's bytes come from. */
export type FileOrigin =
  | {
      readonly kind: "file";
      readonly path: string;
      /** Of its bytes, where it is known: the file need not be read to know it, and one that rotted is refused. */
      readonly sha256?: Digest;
    }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array | string };

/** What a part will be in a bundle, before it is put there. */
export function describeFile(path: string, from: FileOrigin): BundleFile {
  if (from.kind === "bytes") {
    const bytes = toBytes(from.bytes);
    return { path, bytes: bytes.length, sha256: sha256(bytes) };
  }
  const bytes = sizeOf(path, from.path);
  return { path, bytes, sha256: from.sha256 ?? digestFile(from.path) };
}

/** Puts one part into the folder and says what was put; the digest is of the bytes that lie there. */
export function placeFile(folder: string, path: string, from: FileOrigin): BundleFile {
  const target = join(folder, path);
  if (from.kind === "bytes") {
    const bytes = toBytes(from.bytes);
    writeAtomically(target, [bytes]);
    return { path, bytes: bytes.length, sha256: sha256(bytes) };
  }
  sizeOf(path, from.path);
  mkdirSync(dirname(target), { recursive: true });
  // A copy (shared blocks where the file system can), not a hard link: a bundle that somebody edits or
  // damages must not change the store it came from.
  copyFileSync(from.path, target, constants.COPYFILE_FICLONE);
  makeDurable(target);
  const digest = digestFile(target);
  if (from.sha256 !== undefined && from.sha256 !== digest) {
    throw new SampanError("digest-mismatch", `${from.path} was changed: its sha256 is ${digest}`, {
      hint: `It should be ${from.sha256}. Remove the folder of the file from the store, and build again.`,
    });
  }
  return { path, bytes: statSync(target).size, sha256: digest };
}

function toBytes(given: Uint8Array | string): Uint8Array {
  return typeof given === "string" ? Buffer.from(given, "utf8") : given;
}

function sizeOf(path: string, source: string): number {
  const status = statSync(source, { throwIfNoEntry: false });
  if (status?.isFile() === true) return status.size;
  throw new SampanError("not-found", `${source}, to be packed as ${path}, is no file`, {
    hint: "Run the build again: it makes what is missing.",
  });
}

function makeDurable(path: string): void {
  const descriptor = openSync(path, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
