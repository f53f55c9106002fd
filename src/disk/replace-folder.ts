import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { SampanError } from "../kernel/index.ts";
import { toDiskError } from "./disk-error.ts";
import { isAlive } from "./is-alive.ts";
import { removeLeftover } from "./remove-leftover.ts";
import { syncFolder } from "./sync-folder.ts";

/**
 * Fills a new folder beside `folder` and renames it there whole; an older one is moved aside first and
 * removed last. A killed process leaves the old folder, the new one, or for a moment neither with the old
 * one aside: then the next call (for the same folder) puts it back. `disk-failed` when writing fails.
 * @param mayReplace whether a folder that is there already may go; an empty one always may
 */
export function replaceFolder<T>(
  folder: string,
  mayReplace: (folder: string) => boolean,
  fill: (beside: string) => T,
): T {
  const [parent, name] = [dirname(folder), basename(folder)];
  const beside = join(parent, `.${name}.${process.pid}.partial`);
  try {
    mkdirSync(parent, { recursive: true });
    tidyBeside(folder);
    refuseStranger(folder, mayReplace);
    mkdirSync(beside);
    const result = fill(beside);
    syncFolder(beside);
    swap(folder, beside, join(parent, `.${name}.${process.pid}.old`));
    syncFolder(parent);
    return result;
  } catch (cause) {
    removeLeftover(beside);
    throw toDiskError(folder, cause);
  }
}

function refuseStranger(folder: string, mayReplace: (folder: string) => boolean): void {
  if (!existsSync(folder) || mayReplace(folder)) return;
  let empty = false;
  try {
    empty = readdirSync(folder).length === 0;
  } catch {
    // A file, or a folder that may not be read: not ours to remove.
  }
  if (empty) return;
  throw new SampanError("usage-invalid", `${folder} is there already and was not made by Sampan`, {
    hint: "Name another folder, or move this one away.",
  });
}

function swap(folder: string, beside: string, aside: string): void {
  const old = existsSync(folder);
  if (old) renameSync(folder, aside);
  try {
    renameSync(beside, folder);
  } catch (cause) {
    if (old) renameSync(aside, folder);
    throw cause;
  }
  if (old) rmSync(aside, { recursive: true, force: true });
}

/** Removes what processes that were killed left beside the folder, and puts back one that was aside. */
export function tidyBeside(folder: string): void {
  const [parent, name] = [dirname(folder), basename(folder)];
  if (!existsSync(parent)) return;
  for (const entry of readdirSync(parent)) {
    if (!entry.startsWith(`.${name}.`)) continue;
    const match = /^(\d+)\.(partial|old)$/.exec(entry.slice(name.length + 2));
    if (match === null) continue;
    const owner = Number(match[1]);
    if (owner !== process.pid && isAlive(owner)) continue;
    const path = join(parent, entry);
    if (match[2] === "old" && !existsSync(join(parent, name))) renameSync(path, join(parent, name));
    else rmSync(path, { recursive: true, force: true });
  }
}
