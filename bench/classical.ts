/**
 * Accuracy and seconds of the classical baselines on an example task, on one core.
 * `node bench/classical.ts [task.yaml] [data file]`
 */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { readRecords, readTaskFile, splitRecords } from "../src/data/index.ts";
import { judge, trainClassical } from "../src/evaluate/index.ts";

const [path = "examples/industry-code/task.yaml", file] = process.argv.slice(2);
const { task } = await readTaskFile(path);
const [source] = task.data;
if (source === undefined) throw new Error("the task has no data");
const [place] = source.file.places;
const bytes = readFileSync(
  file ??
    (place !== undefined && "npm" in place
      ? `node_modules/${place.npm.split("@")[0]}/${place.member}`
      : ""),
);
const { records } = await readRecords(source, bytes, task, dirname(path));
const splits = splitRecords(records, task.splits);
console.log(
  `train ${splits.train.length}, validation ${splits.validation.length}, test ${splits.test.length}`,
);
const start = performance.now();
const trained = trainClassical({ records: splits.train, input: task.input, output: task.output });
console.log(
  `${trained.choice.reason}: trained in ${((performance.now() - start) / 1000).toFixed(2)} s`,
);
const { model } = trained;
if (model === undefined) process.exit(1);
for (const split of ["train", "validation", "test"] as const) {
  const begin = performance.now();
  const judged = splits[split].map((record) =>
    judge(
      record,
      { ...model.predict(record.input), milliseconds: 0, tokensIn: 0, tokensOut: 0 },
      task.output,
    ),
  );
  const right = judged.filter(({ correct }) => correct).length;
  const each = (performance.now() - begin) / judged.length;
  console.log(
    `${split}: ${right} of ${judged.length} right (${((100 * right) / judged.length).toFixed(1)} %), ${each.toFixed(3)} ms each`,
  );
}
console.log(`model file: ${(JSON.stringify(model.toJson()).length / 1e6).toFixed(2)} MB`);
