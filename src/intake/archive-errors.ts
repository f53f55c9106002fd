import { SampanError } from "../kernel/index.ts";

/** An archive that is not what it should be: `format-corrupt`. */
export function damagedArchive(path: string, what: string, cause?: unknown): SampanError {
  return new SampanError("format-corrupt", `${path}: ${what}`, {
    hint: "The archive is damaged or another one than expected: remove it and fetch it again.",
    cause,
  });
}

/** What a failed reading of an archive means; an error that says so already is given back as it is. */
export function explainDamage(path: string, cause: unknown): SampanError {
  if (SampanError.isInstance(cause)) return cause;
  return damagedArchive(path, cause instanceof Error ? cause.message : String(cause), cause);
}

/** Loads a package that unpacks; `dependency-missing` with the line that installs it. */
export async function loadUnpacker<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new SampanError(
      "dependency-missing",
      `unpacking this archive needs the package ${name}`,
      {
        hint: `Run: npm install ${name}`,
        cause,
      },
    );
  }
}
