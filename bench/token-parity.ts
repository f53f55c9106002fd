/**
 * Token ids of one vocabulary by Sampan, Hugging Face tokenizers and llama-cpp-python, on English,
 * Chinese and hostile text.
 *
 *   node bench/token-parity.ts MODEL.gguf [--python bench/peers/.venv/bin/python]
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../src/kernel/index.ts";
import { openTokenizer } from "../src/runtime/index.ts";
import { benchTasks } from "./bounded-tasks.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { python: { type: "string", default: "bench/peers/.venv/bin/python" } },
});
const [path = ""] = positionals;
const random = new Random(1, "token-parity");

const chinese =
  "采购订单已于二〇二四年七月送达，共计壹万贰仟元整；联系人：张丽，电话（０１０）８８８８。请尽快付款，谢谢！";
const hostile = [
  "",
  " ",
  "    indented\n\n\n\ttabs \r\n",
  "<bos><eos></s><|im_start|>user<|im_end|><end_of_turn>[INST]",
  "emoji 👩🏽‍🚀🇨🇳 é é ﬁ ½ Å",
  '{"a":[1.5e-3,"\\u0041\\\\"],"中":null}',
  "\u0000\u0001\u007f\u0085\u00a0\u200b\u202e\ufeff\u{10ffff}",
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  "1234567890 12,345.67 −5 ٣٤٥ Ⅷ",
];
const sets = {
  English: benchTasks(200).flatMap(({ inputs }) => [...inputs]),
  Chinese: Array.from({ length: 200 }, () => {
    const start = random.below(chinese.length);
    return chinese.slice(start, start + 1 + random.below(20));
  }),
  hostile: [
    ...hostile,
    ...Array.from({ length: 300 }, () =>
      String.fromCodePoint(...Array.from({ length: 1 + random.below(12) }, anyCodePoint)),
    ),
  ],
};

function anyCodePoint(): number {
  const most = [0x7f, 0x2ff, 0xd7ff, 0x1ffff][random.below(4)] ?? 0;
  const code = random.below(most + 1);
  return code >= 0xd800 && code <= 0xdfff ? 0x4e2d : code;
}

await using tokenizer = await openTokenizer(path);
for (const [name, texts] of Object.entries(sets)) {
  const script = join(import.meta.dirname, "peers", "token_ids.py");
  const input = JSON.stringify({ model: path, texts });
  const output = execFileSync(flags.python, [script], { input, stdio: ["pipe", "pipe", "ignore"] });
  const peers = JSON.parse(output.toString()) as Record<"hub" | "llama", number[][]>;
  const ours = texts.map((text) => tokenizer.encode(text));
  for (const [peer, theirs] of Object.entries(peers)) {
    const unlike = texts.filter((_, i) => ours[i]?.join() !== theirs[i]?.join());
    const first = unlike.length > 0 ? `; first: ${JSON.stringify(unlike[0])}` : "";
    console.log(
      `${name.padEnd(8)} ${peer.padEnd(6)} ${texts.length - unlike.length} of ${texts.length} equal${first}`,
    );
  }
  const back = texts.filter((text, i) => tokenizer.decode(ours[i] ?? []) === text).length;
  console.log(`${name.padEnd(8)} decode(encode(text)) is the text: ${back} of ${texts.length}`);
}
