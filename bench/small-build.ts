/** A build of the quickstart's task cut down to a minute, for benches that build many times. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copySmallTask, cutTo, prepareHome, program } from "../test/small-task.ts";

export class SmallBuild implements Disposable {
  readonly scratch = mkdtempSync(join(tmpdir(), "sampan-bench-"));
  readonly #base: string;
  readonly #task: string;

  constructor(base: string) {
    this.#base = base;
    this.#task = copySmallTask(join(this.scratch, "task"), "baseSample: 6");
  }

  /** A store of its own that shares fetched files with the project's. */
  prepareHome(name: string): string {
    return prepareHome(join(this.scratch, name));
  }

  /** Arguments for `node` that run the build in a home. */
  command(home: string, ...more: readonly string[]): string[] {
    const places = ["--home", home, "--out", join(home, "out"), "--json"];
    return [program, "build", this.#task, ...cutTo(this.#base, 120, 40), ...places, ...more];
  }

  [Symbol.dispose](): void {
    rmSync(this.scratch, { recursive: true, force: true });
  }
}

/** Digests of stages and bundle that a build's last line tells. */
export function digestsOf(output: string): Readonly<Record<string, string>> {
  const last = JSON.parse(output.trim().split("\n").at(-1) ?? "{}") as {
    value?: { digests?: Record<string, string> };
  };
  if (last.value?.digests === undefined) throw new Error(`the build failed: ${output.slice(-500)}`);
  return last.value.digests;
}
