import type { ByteSource } from "../schema/index.ts";
import { corrupt } from "./corrupt.ts";

/** Bytes already in memory as a `ByteSource`; reads are views, not copies. */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) {
        throw corrupt(
          name,
          offset,
          `${length} bytes were promised here, but the file has ${bytes.length} in all`,
        );
      }
      return bytes.subarray(offset, offset + length);
    },
  };
}
