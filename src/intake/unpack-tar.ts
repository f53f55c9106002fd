import { SampanError } from "../kernel/index.ts";

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
  const { list } = await loadTar();
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
    throw damaged(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (!found) throw damaged(path, `there is no file ${member} below its top folder`);
  if (tooLong) throw damaged(path, `${member} is longer than ${most} bytes`);
  return Buffer.concat(chunks);
}

function below(name: string): string {
  return name.replace(/^(\.\/)?[^/]+\//, "");
}

function damaged(path: string, what: string, cause?: unknown): SampanError {
  return new SampanError("format-corrupt", `${path}: ${what}`, {
    hint: "The archive is damaged or another one than expected: remove it and fetch it again.",
    cause,
  });
}

async function loadTar() {
  try {
    return await import("tar");
  } catch (cause) {
    throw new SampanError("dependency-missing", "unpacking an archive needs the package tar", {
      hint: "Run: npm install tar",
      cause,
    });
  }
}
