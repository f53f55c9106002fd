#!/usr/bin/env node
// Plain JavaScript, because it must start on an old Node: it hands over to the Node 24 that the project brings.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const root = new URL("..", import.meta.url);
const [major = 0] = process.versions.node.split(".").map(Number);
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGKILL: 137 };

if (major >= 24) {
  // Code that was stripped of its types and compiled once is kept by Node: the second start takes half the time.
  module.enableCompileCache();
  const built = new URL("dist/cli/main.js", root);
  const source = new URL("src/cli/main.ts", root);
  const { main } = await import(existsSync(source) ? source.href : built.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  const own = fileURLToPath(new URL("node_modules/.bin/node", root));
  if (!existsSync(own)) {
    process.stderr.write(
      `sampan needs Node 24 or newer; this is ${process.version}.\nRun "npm ci" in ${fileURLToPath(root)} (it brings Node 24 on Linux) or install Node 24.\n`,
    );
    process.exit(2);
  }
  const self = fileURLToPath(import.meta.url);
  const child = spawn(own, [self, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends its interruption to both; the child decides when to stop. Others are passed on.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`sampan could not start ${own}: ${error.message}\n`);
    process.exitCode = 5;
  });
  child.on("close", (status, signal) => {
    process.exitCode = status ?? signals[signal] ?? 1;
  });
}
