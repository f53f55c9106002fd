import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { toDiskError } from "../disk/index.ts";
import { Hasher, SampanError, type Digest } from "../kernel/index.ts";

/** A file with its digest. */
export interface FoundFile {
  readonly path: string;
  readonly sha256: Digest;
  readonly bytes: number;
}

export interface Expected {
  readonly name: string;
  readonly sha256: Digest | undefined;
  readonly bytes: number | undefined;
  /** No more than this many bytes are written. */
  readonly bound: number;
}

/** Where the store keeps the file with this digest. */
export function storedPath(home: string, sha256: Digest): string {
  return join(home, "files", sha256);
}

/**
 * Streams a file into the store under its digest, whole or not at all; `scratch` is on the same disk. `digest-mismatch` when the bytes
 * are not the promised ones; nothing is kept then.
 */
export async function keepFile(
  home: string,
  scratch: string,
  expected: Expected,
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (done: number) => void = () => {},
): Promise<FoundFile> {
  const partial = join(scratch, "partial");
  try {
    await mkdir(join(home, "files"), { recursive: true });
    const hasher = new Hasher();
    let bytes = 0;
    {
      await using file = await open(partial, "w");
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > expected.bound) throw tooLong(expected);
        hasher.update(chunk);
        await file.writeFile(chunk);
        onBytes(bytes);
      }
      await file.sync();
    }
    const sha256 = hasher.digest();
    checkDigest(expected, sha256, bytes);
    const path = storedPath(home, sha256);
    await rename(partial, path);
    return { path, sha256, bytes };
  } catch (cause) {
    await rm(partial, { force: true });
    throw toDiskError(join(home, "files"), cause);
  }
}

/** Throws `digest-mismatch` when a file is not the one that was asked for. */
export function checkDigest(expected: Expected, sha256: Digest, bytes: number): void {
  if (expected.sha256 === undefined || expected.sha256 === sha256) return;
  throw new SampanError(
    "digest-mismatch",
    `${expected.name} should have sha256 ${expected.sha256}, but ${bytes} bytes with ${sha256} came`,
    {
      hint: "Somebody changed the file, or it is another version: correct the digest only if you trust it.",
      details: { expected: expected.sha256, got: sha256 },
    },
  );
}

function tooLong({ name, bound }: Expected): SampanError {
  return new SampanError("digest-mismatch", `${name} is longer than the promised ${bound} bytes`, {
    hint: "The place serves another file than the one that was named; correct its name or its size.",
  });
}
