import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { SampanError } from "../kernel/index.ts";

/**
 * Writes a whole file or nothing: beside it, fsync, rename, fsync of the folder. A reader sees the old
 * bytes or the new ones, whenever the process is killed.
 */
export function writeAtomically(path: string, chunks: Iterable<Uint8Array | string>): void {
  const folder = dirname(path);
  const beside = join(folder, `.${basename(path)}.${process.pid}.partial`);
  try {
    mkdirSync(folder, { recursive: true });
    const descriptor = openSync(beside, "w");
    try {
      for (const chunk of chunks) {
        const bytes = typeof chunk === "string" ? Buffer.from(chunk, "utf8") : chunk;
        for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, path);
    syncFolder(folder);
  } catch (cause) {
    rmSync(beside, { force: true });
    if (SampanError.isInstance(cause) || !isSystemError(cause)) throw cause;
    throw new SampanError("disk-failed", `${path} could not be written: ${cause.message}`, {
      hint:
        cause.code === "ENOSPC"
          ? "Free some space (or set --home to another disk) and run the same command again: finished stages are kept."
          : "Check the folder's permissions and run the same command again.",
      details: { path, system: cause.code },
      cause,
    });
  }
}

function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function isSystemError(cause: unknown): cause is Error & { code: string } {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string";
}
