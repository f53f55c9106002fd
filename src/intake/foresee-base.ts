import { existsSync } from "node:fs";
import type { ModelShape } from "../schema/index.ts";
import { storedPath } from "./keep-file.ts";
import { readBaseCatalogue } from "./open-base.ts";

/** What is known of a base before it is fetched. */
export interface ForeseenBase {
  readonly name: string;
  readonly shape: ModelShape;
  /** 0 when the store has it. */
  readonly bytesToFetch: number;
}

/** What the catalogue says of a base; undefined for a path, which needs no fetching. */
export function foreseeBase(nameOrPath: string, home: string): ForeseenBase | undefined {
  const entry = readBaseCatalogue().find(({ name }) => name === nameOrPath);
  if (entry === undefined) return undefined;
  const { name, shape, file } = entry;
  const bytesToFetch = existsSync(storedPath(home, file.sha256)) ? 0 : file.bytes;
  return { name, shape, bytesToFetch };
}
