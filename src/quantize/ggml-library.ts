import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { encodingId, rowBytes } from "../formats/index.ts";
import { SampanError } from "../kernel/index.ts";
import type { BlockEncoder } from "./block-encoder.ts";

/** Package and folder of llama.cpp's prebuilt library, as node-llama-cpp names them, and its file. */
const builds: Readonly<Record<string, readonly [string, string]>> = {
  "linux-x64": ["linux-x64", "libggml-base.so"],
  "linux-arm64": ["linux-arm64", "libggml-base.so"],
  "linux-arm": ["linux-armv7l", "libggml-base.so"],
  "darwin-arm64": ["mac-arm64-metal", "libggml-base.dylib"],
  "darwin-x64": ["mac-x64", "libggml-base.dylib"],
  "win32-x64": ["win-x64", "ggml-base.dll"],
  "win32-arm64": ["win-arm64", "ggml-base.dll"],
};

/** Matrices with fewer weights are not worth a second thread (a call takes some tens of µs). */
const fewestWeightsPerThread = 1 << 16;

/** What the precisions can ask for; other ggml types need an importance matrix. */
const encodable = new Set([
  "F32",
  "F16",
  "BF16",
  "Q8_0",
  "Q6_K",
  "Q5_K",
  "Q5_1",
  "Q5_0",
  "Q4_K",
  "Q4_1",
  "Q4_0",
]);

type QuantizeArguments = [
  type: number,
  source: Float32Array,
  target: Uint8Array,
  start: number,
  rows: number,
  columns: number,
  importance: null,
];

/** Path of llama.cpp's base library inside the installed packages, or undefined when it is not there. */
export function findGgmlLibrary(): string | undefined {
  const build = builds[`${process.platform}-${process.arch}`];
  if (build === undefined) return undefined;
  const [name, file] = build;
  try {
    // From node-llama-cpp, whose optional dependency the build is: it may be nested below it.
    const llama = createRequire(import.meta.url).resolve("node-llama-cpp");
    const entry = createRequire(llama).resolve(`@node-llama-cpp/${name}`);
    const path = join(dirname(entry), "..", "bins", name, file);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * llama.cpp's own block encoders (`ggml_quantize_chunk`), each matrix on up to `threads` threads; the
 * bytes do not depend on their number. `dependency-missing` when the library or koffi is not installed.
 */
export async function loadGgmlEncoder(threads: number): Promise<BlockEncoder> {
  const path = findGgmlLibrary();
  if (path === undefined) {
    throw missing("llama.cpp's library for this platform", "node-llama-cpp");
  }
  const quantize = await openQuantize(path);
  const start = (...values: QuantizeArguments): Promise<number> =>
    new Promise((resolve, reject) => {
      quantize.async(...values, (error: Error | null, written: number) => {
        if (error === null) resolve(Number(written));
        else reject(error);
      });
    });
  return {
    name: "llama.cpp",
    canEncode: (encoding) => encodable.has(encoding),
    encode: (encoding, values, columns) => encode(start, threads, encoding, values, columns),
  };
}

/** Source of the signature: ggml/include/ggml.h. */
async function openQuantize(path: string) {
  const koffi = await import("koffi").catch((cause: unknown) => {
    throw missing("koffi", "koffi", cause);
  });
  try {
    const types = ["int", "const float *", "void *", "int64_t", "int64_t", "int64_t"];
    return koffi.load(path).func("ggml_quantize_chunk", "size_t", [...types, "const float *"]);
  } catch (cause) {
    // For instance a system with another C library than the build was made for.
    throw missing("a llama.cpp library that this system can load", "node-llama-cpp", cause);
  }
}

async function encode(
  start: (...values: QuantizeArguments) => Promise<number>,
  threads: number,
  encoding: string,
  values: Float32Array,
  columns: number,
): Promise<Uint8Array> {
  const rows = values.length / columns;
  const target = new Uint8Array(rows * rowBytes(encoding, columns));
  const id = encodingId(encoding);
  const parts = Math.max(
    1,
    Math.min(threads, rows, Math.ceil(values.length / fewestWeightsPerThread)),
  );
  const share = Math.ceil(rows / parts);
  const running: Promise<number>[] = [];
  for (let first = 0; first < rows; first += share) {
    const count = Math.min(share, rows - first);
    running.push(start(id, values, target, first * columns, count, columns, null));
  }
  const written = (await Promise.all(running)).reduce((total, bytes) => total + bytes, 0);
  if (written === target.length) return target;
  throw new SampanError("internal", `llama.cpp wrote ${written} bytes as ${encoding}`, {
    hint: `${target.length} were expected; please report it with the command you ran.`,
  });
}

function missing(what: string, name: string, cause?: unknown): SampanError {
  return new SampanError("dependency-missing", `${what} is not installed`, {
    hint: `Run: npm install ${name}`,
    ...(cause === undefined ? {} : { cause }),
  });
}
