import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Offer, Wanted } from "./places.ts";
import { unreachable } from "./unreachable.ts";

/** A file on this machine, relative to the folder of the file that names it. */
export function offerPath(path: string, { where }: Wanted): Offer {
  const full = resolve(where.baseFolder, path);
  if (existsSync(full) && statSync(full).isFile()) return { kind: "file", path: full };
  throw unreachable(full, "there is no such file", `put the file at ${full}, or correct its path`);
}
