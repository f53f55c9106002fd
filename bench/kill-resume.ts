/**
 * Kills a small build 30 times at random moments (SIGKILL), lets it finish, and compares its digests with
 * those of an uninterrupted build.   node bench/kill-resume.ts [kills] [base]
 */
import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Random } from "../src/kernel/index.ts";
import { Ledger } from "../src/ledger/index.ts";
import { digestsOf, SmallBuild } from "./small-build.ts";

const kills = Number(process.argv[2] ?? 30);
using small = new SmallBuild(process.argv[3] ?? "smollm2-135m-instruct");
const random = new Random(kills, "kill-resume");
const options = { encoding: "utf8", maxBuffer: 1 << 26 } as const;

const start = performance.now();
const whole = small.prepareHome("whole");
const expected = digestsOf(spawnSync(process.execPath, small.command(whole), options).stdout);
const milliseconds = performance.now() - start;
console.log(`uninterrupted: ${(milliseconds / 1000).toFixed(1)} s`);

const killed = small.prepareHome("killed");
for (let done = 0; done < kills; done++) {
  const child = spawn(process.execPath, small.command(killed), { stdio: "ignore" });
  const ended = new Promise((resolve) => void child.on("exit", resolve));
  // Short enough that the road is lost and taken up again many times over its length.
  await Promise.race([setTimeout(random.next() * milliseconds * 0.5), ended]);
  child.kill("SIGKILL");
  await ended;
}
const given = digestsOf(spawnSync(process.execPath, small.command(killed), options).stdout);
const differing = Object.keys(expected).filter((name) => given[name] !== expected[name]);
const partial = readdirSync(join(killed, "stages")).filter((name) => name.endsWith(".partial"));
using ledger = new Ledger(killed);
const running = ledger.runs(kills + 1).filter(({ status }) => status === "running");
console.log(
  `${kills} kills: ${differing.length === 0 ? "all digests equal" : `differ: ${differing.join(", ")}`}; ${partial.length} half-written stages left, ${running.length} killed runs still said to run`,
);
const clean = partial.length === 0 && running.length === 0;
process.exitCode = differing.length === 0 && clean ? 0 : 1;
