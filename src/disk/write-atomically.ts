import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { toDiskError } from "./disk-error.ts";
import { isAlive } from "./is-alive.ts";
import { removeLeftover } from "./remove-leftover.ts";
import { syncFolder } from "./sync-folder.ts";

/**
 * Writes a whole file or nothing: beside it, fsync, rename, fsync of the folder. A reader sees the old
 * bytes or the new ones, whenever the process is killed.
 */
export function writeAtomically(path: string, chunks: Iterable<Uint8Array | string>): void {
  const file = startBeside(path);
  try {
    for (const chunk of chunks) file.write(chunk);
    file.commit();
  } catch (cause) {
    throw file.abandon(cause);
  }
}

/** As `writeAtomically`, for chunks that are still being made. */
export async function writeAtomicallyFrom(
  path: string,
  chunks: AsyncIterable<Uint8Array | string>,
): Promise<void> {
  const file = startBeside(path);
  try {
    for await (const chunk of chunks) file.write(chunk);
    file.commit();
  } catch (cause) {
    throw file.abandon(cause);
  }
}

interface UnfinishedFile {
  write(chunk: Uint8Array | string): void;
  /** Makes the file durable under its name. */
  commit(): void;
  /** Removes what was written; returns the error to throw. */
  abandon(cause: unknown): unknown;
}

function startBeside(path: string): UnfinishedFile {
  const folder = dirname(path);
  const beside = join(folder, `.${basename(path)}.${process.pid}.partial`);
  let descriptor: number | undefined;
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  const open = (): number => {
    mkdirSync(folder, { recursive: true });
    sweepLeftovers(folder, basename(path));
    return openSync(beside, "w");
  };
  return {
    write(chunk) {
      descriptor ??= open();
      const bytes = typeof chunk === "string" ? Buffer.from(chunk, "utf8") : chunk;
      for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
    },
    commit() {
      descriptor ??= open();
      fsyncSync(descriptor);
      close();
      renameSync(beside, path);
      syncFolder(folder);
    },
    abandon(cause) {
      close();
      removeLeftover(beside);
      return toDiskError(path, cause);
    },
  };
}

/** Removes what writers of the same file left when they were killed. */
function sweepLeftovers(folder: string, name: string): void {
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith(`.${name}.`) || !entry.endsWith(".partial")) continue;
    const owner = Number(entry.slice(name.length + 2, -".partial".length));
    if (Number.isInteger(owner) && owner > 0 && owner !== process.pid && !isAlive(owner)) {
      removeLeftover(join(folder, entry));
    }
  }
}
