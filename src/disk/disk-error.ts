import { SampanError } from "../kernel/index.ts";

/** A system error while writing `path` as `disk-failed` with its remedy; anything else as it is. */
export function toDiskError(path: string, cause: unknown): unknown {
  if (!isSystemError(cause)) return cause;
  return new SampanError("disk-failed", `${path} could not be written: ${cause.message}`, {
    hint:
      cause.code === "ENOSPC"
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
