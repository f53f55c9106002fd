import type { ByteSource } from "../schema/index.ts";
import { corrupt } from "./corrupt.ts";

/** Bytes already in memory as a `ByteSource`; reads are views, not copies. */
export function memorySource(name: string, given: Uint8Array): ByteSource {
  // A Buffer is a Uint8Array whose slices are no copies; readers must not be surprised by one.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.length);
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
