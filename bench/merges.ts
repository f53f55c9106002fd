/**
 * Learning byte-level merges beside Hugging Face tokenizers, GPT-2's words, the same lines: seconds and whether
 * the merges are the same.
 *
 *   node bench/merges.ts TEXT_FILE [--merges 8000] [--python bench/peers/.venv/bin/python]
 */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { letterOfByte, preTokenizers, tokenType } from "../src/formats/index.ts";
import { Encoder, readCorpus, type TokenTable } from "../src/vocabulary/index.ts";
import { countWords } from "../src/vocabulary/extend/count-words.ts";
import { learnMerges } from "../src/vocabulary/extend/learn-merges.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    merges: { type: "string", default: "8000" },
    python: { type: "string", default: "bench/peers/.venv/bin/python" },
  },
});
const file = resolve(positionals[0] ?? "");
const most = Number(flags.merges);

const start = performance.now();
const tokens = letterOfByte.toSorted();
const split = preTokenizers.find(({ pre }) => pre === "gpt-2");
if (split === undefined) throw new TypeError("GPT-2's words are known");
const table: TokenTable = {
  kind: "byte-level",
  name: "letters",
  tokens,
  types: tokens.map(() => tokenType.normal),
  ids: new Map(tokens.map((token, id) => [token, id])),
  merges: [],
  split,
};
const { words } = countWords(new Encoder(table), readCorpus(file));
const counted = performance.now();
const texts = [...tokens];
const merges = learnMerges({
  words,
  firstId: tokens.length,
  accept: (count, done) => count >= 2 && done < most,
  onMerge: ({ left, right }) => void texts.push(`${texts[left]}${texts[right]}`),
});
const seconds = (performance.now() - start) / 1000;
const script = join(import.meta.dirname, "peers", "hub_tokenizers.py");
const input = JSON.stringify({ file, merges: most });
const output = execFileSync(flags.python, [script], { input, maxBuffer: 1 << 28 });
const theirs = JSON.parse(output.toString()) as {
  readonly seconds: number;
  readonly merges: readonly (readonly [string, string])[];
};
const same = merges.filter(
  ({ left, right }, i) =>
    texts[left] === theirs.merges[i]?.[0] && texts[right] === theirs.merges[i]?.[1],
).length;
const peak = process.resourceUsage().maxRSS / 1e6;
console.log(
  `${words.length} words; Sampan ${seconds.toFixed(1)} s (${((counted - start) / 1000).toFixed(1)} counting), ${peak.toFixed(2)} GB; Hugging Face tokenizers ${theirs.seconds.toFixed(1)} s; ratio ${(theirs.seconds / seconds).toFixed(2)}`,
);
console.log(`${same} of ${Math.max(merges.length, theirs.merges.length)} merges are the same`);
