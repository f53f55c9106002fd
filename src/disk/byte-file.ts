import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { SampanError } from "../kernel/index.ts";
import type { ByteSource } from "../schema/index.ts";

/** An open file as a `ByteSource`; dispose it to close it. */
export interface ByteFile extends ByteSource, Disposable {}

export function openByteFile(path: string): ByteFile {
  let descriptor: number;
  let size: number;
  try {
    descriptor = openSync(path, "r");
    size = fstatSync(descriptor).size;
  } catch (cause) {
    throw new SampanError("not-found", `${path} cannot be read: ${describe(cause)}`, {
      hint: "Check the path and its permissions.",
      cause,
    });
  }
  return {
    name: path,
    size,
    read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size) {
        throw new SampanError(
          "format-corrupt",
          `${path} ends at byte ${size}, but ${length} bytes at ${offset} were promised`,
          {
            hint: "The file is cut short or its header lies: fetch it again and check its sha256.",
          },
        );
      }
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const got = readSync(
          descriptor,
          bytes,
          done,
          Math.min(length - done, 2 ** 30),
          offset + done,
        );
        if (got === 0) break;
        done += got;
      }
      if (done < length) {
        throw new SampanError("data-invalid", `${path} became shorter while it was read`, {
          hint: "Do not change a file while a build reads it.",
        });
      }
      return bytes;
    },
    [Symbol.dispose]() {
      closeSync(descriptor);
    },
  };
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
