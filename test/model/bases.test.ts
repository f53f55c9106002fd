import { join } from "node:path";
import { gguf } from "@huggingface/gguf";
import { describe, expect, test } from "vitest";
import { openByteFile } from "../../src/disk/index.ts";
import { ggufChunks, ggufWeights, openGguf } from "../../src/formats/index.ts";
import { foreseeBase, openBase } from "../../src/intake/index.ts";
import { Hasher } from "../../src/kernel/index.ts";

/** The bases are kept where a build keeps them, so that they are fetched once. */
const home = process.env["SAMPAN_HOME"] ?? join(import.meta.dirname, "../../.sampan");

/** sha256 over all weights as f32, by name, decoded by the `gguf` package 0.19 (gguf.quants.dequantize). */
const decoded = {
  "gemma-3-270m": "1338c04fc517a9e767cfe72bec8cd46542f5ada7f08e02eb0e6a570a12cfa922",
  "smollm2-135m-instruct": "035b238cdb1c3a64e21315cad8d5d362e75ed6f6e847ca3508b006dff3ca3fd6",
};

describe.each(Object.entries(decoded))("%s", (name, digest) => {
  const open = () =>
    openBase(name, { home, baseFolder: import.meta.dirname, emit: () => {}, environment: {} });

  test("comes with its licence and is the promised file", async () => {
    const base = await open();
    expect(base.licenceFiles.length).toBeGreaterThan(0);
    const foreseen = foreseeBase(name, home);
    expect(foreseen?.bytesToFetch).toBe(0);
    expect(base.config).toMatchObject({ ...foreseen?.shape });
    using file = openByteFile(base.path);
    const opened = openGguf(file);
    const again = [...opened.tensors.values()].map((info) => ({
      ...info,
      data: () => opened.readRaw(info.name),
    }));
    const hasher = new Hasher();
    for (const chunk of ggufChunks(opened.metadata, again)) hasher.update(chunk);
    expect(hasher.digest()).toBe(base.sha256);
  });

  test("reads as an independent reader reads it", async () => {
    const { path } = await open();
    using file = openByteFile(path);
    const { metadata, tensors } = openGguf(file);
    const other = await gguf(path, { allowLocalFile: true });
    const infos = [...tensors.values()].map((info) => [
      info.name,
      info.shape.toReversed().map(BigInt),
    ]);
    expect(infos).toEqual(other.tensorInfos.map((info) => [info.name, info.shape]));
    for (const [key, { value }] of metadata) {
      const theirs: unknown = Reflect.get(other.metadata, key);
      // That reader drops byte order marks, one of which is a token of Gemma's.
      const plain = (item: unknown) =>
        typeof item === "string" ? item.replace(/^\ufeff/, "") : item;
      const ours = typeof value === "object" ? Array.from<unknown>(value as unknown[]) : value;
      const same = JSON.stringify(Array.isArray(ours) ? ours.map(plain) : plain(ours));
      expect(same === JSON.stringify(theirs), key).toBe(true);
    }
  });

  test("decodes bit for bit as the reference does", async () => {
    const { path } = await open();
    using file = openByteFile(path);
    const weights = ggufWeights(openGguf(file));
    const hasher = new Hasher();
    for (const tensor of [...weights.tensors.keys()].sort()) {
      const values = weights.read(tensor);
      hasher.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
    expect(hasher.digest()).toBe(digest);
  });
});
