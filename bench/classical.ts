/**
 * Accuracy and seconds of the classical baseline of an example task, beside scikit-learn where a
 * Python with it is named. Both on one core.
 * `node bench/classical.ts [task.yaml] [data file] [python]`, e.g.
 * `node bench/classical.ts examples/industry-code/task.yaml "" .venv/bin/python`
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readRecords, readTaskFile, splitRecords } from "../src/data/index.ts";
import { judge, trainClassical } from "../src/evaluate/index.ts";

const [path = "examples/industry-code/task.yaml", file = "", python] = process.argv.slice(2);
const { task } = await readTaskFile(path);
const [source] = task.data;
const place = source?.file.places.find((one) => "npm" in one);
if (source === undefined || (file === "" && place === undefined))
  throw new Error("name the data file");
const inPackage =
  place === undefined ? "" : `node_modules/${place.npm.split("@")[0]}/${place.member}`;
const bytes = readFileSync(file === "" ? inPackage : file);
const { records } = await readRecords(source, bytes, task, dirname(path));
const splits = splitRecords(records, task.splits);
const sizes = Object.entries(splits).map(([name, split]) => `${name} ${split.length}`);
console.log(`${task.name}: ${sizes.join(", ")} records`);

const before = process.cpuUsage();
const start = performance.now();
const { choice, model } = trainClassical({ records: splits.train, ...task });
const used = process.cpuUsage(before);
console.log(choice.reason);
if (model === undefined) process.exit(1);
console.log(
  `trained in ${((performance.now() - start) / 1_000).toFixed(2)} s (${((used.user + used.system) / 1e6).toFixed(2)} s of processor)`,
);
for (const name of ["validation", "test"] as const) {
  const begin = performance.now();
  const judged = splits[name].map((record) => {
    const answer = { ...model.predict(record.input), milliseconds: 0, tokensIn: 0, tokensOut: 0 };
    return judge(record, answer, task.output);
  });
  const each = (performance.now() - begin) / judged.length;
  const right = judged.filter(({ correct }) => correct).length;
  const share = ((100 * right) / judged.length).toFixed(1);
  console.log(
    `${name}: ${right} of ${judged.length} right (${share} %), ${each.toFixed(2)} ms each`,
  );
}
console.log(`model file: ${(JSON.stringify(model.toJson()).length / 1e6).toFixed(2)} MB`);

if (python !== undefined && model.kind === "classifier") {
  const folder = mkdtempSync(join(tmpdir(), "sampan-bench-"));
  const splitsFile = join(folder, "splits.json");
  writeFileSync(splitsFile, JSON.stringify(splits));
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  spawnSync(python, ["bench/peers/tfidf.py", splitsFile], { stdio: "inherit", env });
  rmSync(folder, { recursive: true });
}
