/**
 * Ids of many lines, plain and hostile, by Sampan's own encoder, llama.cpp and Hugging Face tokenizers (from
 * the tokenizer.json that Sampan writes); for whole, trimmed and extended bases.
 *
 *   node bench/segmentation.ts MODEL.gguf TEXT_FILE... [--made 40000] [--python bench/peers/.venv/bin/python]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openByteFile } from "../src/disk/index.ts";
import { openGguf } from "../src/formats/index.ts";
import { Random } from "../src/kernel/index.ts";
import { openTokenizer } from "../src/runtime/index.ts";
import { Encoder, readTokenTable, tokenizerFiles } from "../src/vocabulary/index.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    made: { type: "string", default: "40000" },
    python: { type: "string", default: "bench/peers/.venv/bin/python" },
  },
});
const [path = "", ...files] = positionals;
const random = new Random(1, "segmentation");
const pools = [
  "采购订单已于二〇二四年七月送达，共计壹万贰仟元整；电话（０１０）８８８８。龘靐齉\u3000\u{20000}\u{20bb7}",
  " \t\n\r\u0000\u200b\u200d\u202e\ufeff\u0085\u00a0\u3000",
  "abcXYZ'sdt ll re 12９٣Ⅷ½",
  "<bos></h1><table>[]\u2581<0x41>Ġ<|im_end|>",
  "👩🏽\u200d🚀🇨🇳é\u0301",
].map((pool) => Array.from(pool));

/** A line of characters from all pools, and any code point now and then, lone surrogates too. */
function makeLine(): string {
  return Array.from({ length: 1 + random.below(30) }, () => {
    const pool = pools[random.below(pools.length + 1)];
    if (pool !== undefined) return pool[random.below(pool.length)] ?? "";
    const most = [0x7f, 0x2ff, 0xffff, 0x10ffff][random.below(4)] ?? 0;
    return String.fromCodePoint(random.below(most + 1));
  }).join("");
}

const lines = [
  ...files.flatMap((file) => readFileSync(file, "utf8").split("\n")),
  ...Array.from({ length: Number(flags.made) }, makeLine),
  " ".repeat(100_000),
  "\n".repeat(5_000),
  "a".repeat(20_000),
];

const folder = mkdtempSync(join(tmpdir(), "sampan-segmentation-"));
try {
  await compare();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compare(): Promise<void> {
  using bytes = openByteFile(path);
  const file = openGguf(bytes);
  const encoder = new Encoder(readTokenTable(file));
  await using llama = await openTokenizer(path);
  const plain = count(
    (line) => encoder.encode(line),
    (line) => llama.encode(line),
  );
  console.log(`${lines.length} lines; ${plain} unlike llama.cpp's`);
  for (const { name, content } of tokenizerFiles(encoder.table, file.metadata)) {
    writeFileSync(join(folder, name), JSON.stringify(content));
  }
  const texts = join(folder, "lines.json");
  writeFileSync(texts, JSON.stringify(lines.map((line) => line.toWellFormed())));
  const input = JSON.stringify({ tokenizer: join(folder, "tokenizer.json"), lines: texts });
  const script = join(import.meta.dirname, "peers", "hub_tokenizers.py");
  const output = execFileSync(flags.python, [script], { input, maxBuffer: 1 << 30 });
  const { ids } = JSON.parse(output.toString()) as { ids: number[][] };
  let at = 0;
  // Hugging Face tokenizers find control tokens in a text; llama.cpp does so when asked to.
  const controlled = count(
    (line) => llama.encodeSpecial(line),
    () => ids[at++] ?? [],
  );
  console.log(`${lines.length} lines; ${controlled} unlike between llama.cpp and Hugging Face`);
}

function count(ours: (line: string) => number[], theirs: (line: string) => number[]): number {
  let unlike = 0;
  for (const line of lines) {
    if (ours(line).join() === theirs(line).join()) continue;
    if (unlike++ < 3) console.log(`  unlike: ${JSON.stringify(line.slice(0, 80))}`);
  }
  return unlike;
}
