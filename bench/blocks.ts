import { dequantize, readableEncodings } from "../src/formats/blocks/dequantize.ts";
import { encodeBlocks, writableEncodings } from "../src/formats/blocks/encode-blocks.ts";
import { rowBytes } from "../src/formats/index.ts";
import { Random } from "../src/kernel/index.ts";

/** Speed of the block formats on 4 Mi random weights, best of five. Run: node bench/blocks.ts */
const count = 1 << 22;
const random = new Random(1, "blocks");
const values = Float32Array.from({ length: count }, () => random.normal() * 0.05);

function megabytesPerSecond(work: () => unknown): string {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return `${((count * 4) / 1e3 / best).toFixed(0)} MB/s of f32`;
}

for (const encoding of writableEncodings) {
  console.log(`encode ${encoding}: ${megabytesPerSecond(() => encodeBlocks(encoding, values))}`);
}
for (const encoding of readableEncodings) {
  const blocks = writableEncodings.includes(encoding)
    ? encodeBlocks(encoding, values)
    : Uint8Array.from({ length: rowBytes(encoding, count) }, (_, i) => (i * 37) & 63);
  const speed = megabytesPerSecond(() => dequantize(encoding, blocks, count));
  console.log(`decode ${encoding}: ${speed}`);
}
