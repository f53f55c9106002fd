import { Hasher, type Digest } from "../kernel/index.ts";
import { openByteFile } from "./byte-file.ts";

const chunkBytes = 1 << 22;

/** sha256 of a file, in constant memory. */
export function digestFile(path: string): Digest {
  using file = openByteFile(path);
  const hasher = new Hasher();
  for (let offset = 0; offset < file.size; offset += chunkBytes) {
    hasher.update(file.read(offset, Math.min(chunkBytes, file.size - offset)));
  }
  return hasher.digest();
}
