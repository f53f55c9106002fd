import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
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
  const require = createRequire(import.meta.url);
  const libraries = telling.map((name) => ({ name, version: versionOf(require, name) }));
  return [
    { name: "sampan", version: sampanVersion() },
    { name: "node", version: process.versions.node },
    ...libraries,
  ];
}

function versionOf(require: NodeJS.Require, name: string): string {
  const folder = require.resolve
    .paths(name)
    ?.map((path) => new URL(`file://${path}/${name}/package.json`));
  for (const path of folder ?? []) {
    try {
      return versionIn(path);
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
