import { join } from "node:path";
import { openByteFile } from "../disk/index.ts";
import {
  isDeeperThan,
  SampanError,
  sha256,
  type Digest,
  type JsonObject,
} from "../kernel/index.ts";
import type { BundleManifest } from "../schema/index.ts";
import { checkPlace } from "./check-place.ts";
import { readManifest } from "./read-manifest.ts";

/** An opened bundle: its manifest checked, its files there and of the right size. */
export interface Bundle {
  readonly folder: string;
  readonly digest: Digest;
  readonly manifest: BundleManifest;
  has(path: string): boolean;
  /** Where a file of the bundle lies on disk; `not-found` when the bundle has none of this name. */
  locate(path: string): string;
  /** The bytes of a small file, its digest checked; `digest-mismatch` when they were changed. */
  readBytes(path: string): Uint8Array;
  /** The object in a JSON file, its digest checked. */
  readJson(path: string): JsonObject;
}

/** JSON parts are read whole; the weights are not. */
const mostPartBytes = 1 << 28;
/** An output schema's grammar nests some twenty levels; nothing in a bundle nests deeper. */
const mostLevels = 64;

/**
 * Opens a bundle to work with it. The weights are not hashed (that is what `verifyBundle` is for), so a
 * model of any size opens at once; parts that are read are checked.
 */
export async function openBundle(folder: string): Promise<Bundle> {
  const { manifest, digest } = readManifest(folder);
  const files = new Map(manifest.files.map((file) => [file.path, file]));
  for (const file of manifest.files) {
    const problem = checkPlace(folder, file);
    if (problem === undefined) continue;
    throw new SampanError(
      "digest-mismatch",
      `the bundle ${folder} is damaged: ${problem.message}`,
      {
        hint: `Run sampan verify ${folder}, and carry the bundle over again.`,
        details: { ...problem },
      },
    );
  }
  const find = (path: string) => {
    const file = files.get(path);
    if (file !== undefined) return file;
    throw new SampanError("not-found", `the bundle ${folder} has no ${path}`, {
      hint: "Pack it anew with this version of Sampan.",
    });
  };
  const readBytes = (path: string): Uint8Array => {
    const file = find(path);
    if (file.bytes > mostPartBytes) {
      throw new SampanError("memory-short", `${path} has ${file.bytes} bytes: too many to read`, {
        hint: "Only the weights of a bundle are that large; they are not read whole.",
      });
    }
    using source = openByteFile(join(folder, path));
    const bytes = source.read(0, file.bytes);
    if (sha256(bytes) === file.sha256) return bytes;
    throw new SampanError("digest-mismatch", `${join(folder, path)} was changed`, {
      hint: `Run sampan verify ${folder}, and carry the bundle over again.`,
    });
  };
  return {
    folder,
    digest,
    manifest,
    has: (path) => files.has(path),
    locate: (path) => join(folder, find(path).path),
    readBytes,
    readJson: (path) => parseObject(join(folder, path), readBytes(path)),
  };
}

function parseObject(path: string, bytes: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    value = undefined;
  }
  // JSON.parse gives JSON values only, so an object here is a JsonObject.
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const isDeep = isDeeperThan(value, mostLevels);
  if (isObject && !isDeep) return value as JsonObject;
  const problem = isDeep ? `nests deeper than ${mostLevels} levels` : "holds no JSON object";
  throw new SampanError("format-corrupt", `${path} ${problem}`, {
    hint: "Pack the bundle anew with this version of Sampan.",
  });
}
