import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cpus, release, totalmem, type as systemType } from "node:os";
import type { ReportRun } from "../../schema/index.ts";

/** Packages whose version can move a figure. */
const telling = ["onnxruntime-node", "node-llama-cpp", "koffi"] as const;

export function describeMachine(): ReportRun["machine"] {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? process.arch,
    cores: all.length,
    memoryBytes: totalmem(),
    system: `${systemType()} ${release()}`,
  };
}

export function sampanVersion(): string {
  return versionIn(new URL("../../../package.json", import.meta.url));
}

/** Sampan, Node and the native libraries. */
export function describeVersions(): { readonly name: string; readonly version: string }[] {
  return [
    { name: "sampan", version: sampanVersion() },
    { name: "node", version: process.versions.node },
    ...telling.map((name) => ({ name, version: versionOf(name) })),
  ];
}

/** Version of an installed package. */
export function versionOf(name: (typeof telling)[number]): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      return versionIn(pathToFileURL(join(folder, name, "package.json")));
    } catch {
      continue;
    }
  }
  return "not installed";
}

function versionIn(path: URL): string {
  // Parser boundary: a package.json always has its version as text.
  const { version } = JSON.parse(readFileSync(path, "utf8")) as { version?: string };
  return version ?? "unknown";
}
