import { SampanError } from "../kernel/index.ts";

/** No room on the disk, in the quota, or under the process's limit on a file. */
const fullCodes = ["ENOSPC", "EDQUOT", "EFBIG"];

/** A system error while writing `path` as `disk-failed` with its remedy; anything else as it is. */
export function toDiskError(path: string, cause: unknown): unknown {
  if (!isSystemError(cause)) return cause;
  return new SampanError("disk-failed", `${path} could not be written: ${cause.message}`, {
    hint: fullCodes.includes(cause.code)
      ? "Free some space (or set --home to another disk) and run the same command again: finished stages are kept."
      : "Check the folder's permissions and run the same command again.",
    details: { path, system: cause.code },
    cause,
  });
}

function isSystemError(cause: unknown): cause is Error & { code: string } {
  return (
    cause instanceof Error &&
    !SampanError.isInstance(cause) &&
    "code" in cause &&
    typeof cause.code === "string"
  );
}
