import { SampanError } from "../kernel/index.ts";

const diskCodes = ["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EPERM", "EIO", "EMFILE"];
/** SQLITE_READONLY, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_NOTADB. */
const ledgerCodes = [8, 10, 11, 13, 14, 26];

/** What a failure of the machine means to the one who runs Sampan; other failures are given back as they are. */
export function explainFailure(cause: unknown): unknown {
  if (SampanError.isInstance(cause) || !(cause instanceof Error)) return cause;
  if ("code" in cause && typeof cause.code === "string" && diskCodes.includes(cause.code)) {
    return new SampanError("disk-failed", cause.message, {
      hint: "Free some space or correct the permissions (or choose another --home and --out), and run the same command again: finished stages are kept.",
      cause,
    });
  }
  if (
    "errcode" in cause &&
    typeof cause.errcode === "number" &&
    ledgerCodes.includes(cause.errcode & 0xff)
  ) {
    return new SampanError("disk-failed", `the ledger cannot be used: ${cause.message}`, {
      hint: "Free some space, or move ledger.sqlite out of the --home folder: stages do not depend on it.",
      cause,
    });
  }
  return cause;
}
