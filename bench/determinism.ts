/**
 * The same small build twice from nothing, with one and with two threads: which digests are equal.
 *   node bench/determinism.ts [base]
 */
import { spawnSync } from "node:child_process";
import { digestsOf, SmallBuild } from "./small-build.ts";

using small = new SmallBuild(process.argv[2] ?? "smollm2-135m-instruct");
const builds = (["1", "2", "2"] as const).map((threads, i) => {
  const command = small.command(small.prepareHome(`home-${i}`), "--threads", threads);
  const { stdout } = spawnSync(process.execPath, command, { encoding: "utf8", maxBuffer: 1 << 26 });
  return digestsOf(stdout);
});
const [one = {}, two = {}, again = {}] = builds;
const compare = (a: object, b: Readonly<Record<string, string>>): string =>
  Object.entries(a)
    .map(([name, digest]) => `${name} ${b[name] === digest ? "equal" : "DIFFERS"}`)
    .join(", ");
console.log(`2 threads, twice:   ${compare(two, again)}`);
console.log(`1 and 2 threads:    ${compare(one, two)}`);
const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
// What is promised: the number of threads is part of a tuning's key, so another may give another adapter.
process.exitCode = same(two, again) ? 0 : 1;
