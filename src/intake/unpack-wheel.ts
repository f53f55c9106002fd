import { damagedArchive, explainDamage, loadUnpacker } from "./archive-errors.ts";

/**
 * The bytes of one member of a wheel (a zip file), as a stream. Nothing is written to disk, so no path in
 * the archive is ever followed. `format-corrupt` when the member is missing or longer than `bound`.
 */
export async function* unpackWheelMember(
  path: string,
  member: string,
  bound: number,
): AsyncIterable<Uint8Array> {
  const { openPromise } = await loadUnpacker("yauzl", () => import("yauzl"));
  try {
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
    try {
      for await (const entry of zip.eachEntry()) {
        if (entry.fileName !== member) continue;
        if (entry.uncompressedSize > bound) {
          throw damagedArchive(path, `${member} would unpack to ${entry.uncompressedSize} bytes`);
        }
        // yauzl checks while streaming that no more than the stated size comes out.
        for await (const chunk of await zip.openReadStreamPromise(entry)) yield chunk;
        return;
      }
    } finally {
      zip.close();
    }
  } catch (cause) {
    throw explainDamage(path, cause);
  }
  throw damagedArchive(path, `there is no member ${member}`);
}
