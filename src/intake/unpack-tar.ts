import { damagedArchive, explainDamage, loadUnpacker } from "./archive-errors.ts";

/** Members of tar files are collected in memory; larger ones belong in a wheel or on a hub. */
const maximalMemberBytes = 1 << 29;

/**
 * The bytes of one member of a gzipped tar file (an sdist or an npm package), its path counted below the
 * archive's top folder. Nothing is written to disk, so no path or link in the archive is ever followed.
 */
export async function unpackTarMember(
  path: string,
  member: string,
  bound: number,
): Promise<Uint8Array> {
  const { list } = await loadUnpacker("tar", () => import("tar"));
  const most = Math.min(bound, maximalMemberBytes);
  const chunks: Uint8Array[] = [];
  let found = false;
  let tooLong = false;
  try {
    await list({
      file: path,
      strict: true,
      filter: (name, entry) =>
        !found && below(name) === member && "type" in entry && entry.type === "File",
      onReadEntry(entry) {
        found = true;
        if (entry.size > most) {
          tooLong = true;
          entry.resume();
          return;
        }
        entry.on("data", (chunk: Uint8Array) => chunks.push(chunk));
      },
    });
  } catch (cause) {
    throw explainDamage(path, cause);
  }
  if (!found) throw damagedArchive(path, `there is no file ${member} below its top folder`);
  if (tooLong) throw damagedArchive(path, `${member} is longer than ${most} bytes`);
  return Buffer.concat(chunks);
}

function below(name: string): string {
  return name.replace(/^(\.\/)?[^/]+\//, "");
}
