import { z } from "zod";
import { SampanError } from "../../kernel/index.ts";
import type { ByteSource } from "../../schema/index.ts";
import { dequantize } from "../blocks/dequantize.ts";
import { corrupt } from "../corrupt.ts";
import { dtypeBytes } from "./dtypes.ts";

/** The bound that the format's reference implementation sets on its header. */
const maximalHeaderBytes = 100_000_000;
const maximalTensors = 1 << 16;

export interface SafetensorsEntry {
  readonly name: string;
  /** Row-major. */
  readonly shape: readonly number[];
  /** The format's name of the element type: F32, F16, BF16, I64, … */
  readonly dtype: string;
  /** From the start of the file, in bytes. */
  readonly offset: number;
  readonly bytes: number;
}

/** An opened safetensors file: its header parsed and checked, its data still on disk. */
export interface SafetensorsFile {
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readRaw(name: string): Uint8Array;
  /** The values of an F32, F16 or BF16 tensor as f32. */
  read(name: string): Float32Array;
}

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)).max(8),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const metadataSchema = z.record(z.string(), z.string());

/**
 * Parses and checks the header of a safetensors file: bounded, its tensors side by side without holes or
 * overlap up to the end of the file. `format-corrupt` otherwise.
 */
export function openSafetensors(source: ByteSource): SafetensorsFile {
  const { header, dataStart } = readHeader(source);
  const { __metadata__: rawMetadata = {}, ...rawTensors } = header;
  const metadata = metadataSchema.safeParse(rawMetadata);
  if (!metadata.success) throw corrupt(source.name, 8, "__metadata__ is not a map of texts");
  const entries = Object.entries(rawTensors);
  if (entries.length > maximalTensors) throw corrupt(source.name, 8, "too many tensors");
  const list = entries.map(([name, raw]) => readEntry(source, name, raw, dataStart));
  checkPlaces(source, list, dataStart);
  const tensors = new Map(list.map((tensor) => [tensor.name, tensor]));
  const find = (name: string): SafetensorsEntry => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw corrupt(source.name, 8, `there is no tensor ${name}`);
    return tensor;
  };
  const readRaw = (name: string): Uint8Array => {
    const { offset, bytes } = find(name);
    return source.read(offset, bytes);
  };
  return {
    name: source.name,
    metadata: metadata.data,
    tensors,
    readRaw,
    read(name) {
      const { dtype, bytes } = find(name);
      if (dtype !== "F32" && dtype !== "F16" && dtype !== "BF16") {
        throw new SampanError("base-unsupported", `${source.name}: ${name} holds ${dtype}`, {
          hint: "Weights must be in F32, F16 or BF16.",
        });
      }
      return dequantize(dtype, readRaw(name), bytes / (dtypeBytes[dtype] ?? 1));
    },
  };
}

function readHeader(source: ByteSource): { header: Record<string, unknown>; dataStart: number } {
  if (source.size < 8) throw corrupt(source.name, 0, "the file is too short for a header");
  const start = source.read(0, 8);
  const length = Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
  if (length > maximalHeaderBytes || length > source.size - 8) {
    throw corrupt(source.name, 0, `a header of ${length} bytes is promised`);
  }
  try {
    const text = new TextDecoder("utf8", { fatal: true }).decode(source.read(8, length));
    const parsed = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    return { header: parsed, dataStart: 8 + length };
  } catch (cause) {
    if (SampanError.isInstance(cause)) throw cause;
    throw corrupt(source.name, 8, "the header is not a JSON object");
  }
}

function readEntry(
  source: ByteSource,
  name: string,
  raw: unknown,
  dataStart: number,
): SafetensorsEntry {
  const parsed = entrySchema.safeParse(raw);
  if (!parsed.success) throw corrupt(source.name, 8, `the entry of ${name} is malformed`);
  const { dtype, shape, data_offsets: offsets } = parsed.data;
  const size = Object.hasOwn(dtypeBytes, dtype) ? dtypeBytes[dtype] : undefined;
  if (size === undefined) {
    throw new SampanError("base-unsupported", `${source.name}: ${name} has the type ${dtype}`, {
      hint: `Known types: ${Object.keys(dtypeBytes).join(", ")}.`,
    });
  }
  const bytes = shape.reduce((product, extent) => product * extent, size);
  if (!Number.isSafeInteger(bytes) || offsets[1] - offsets[0] !== bytes) {
    throw corrupt(
      source.name,
      8,
      `${name} is [${shape.join(", ")}] in ${dtype}, which is not bytes ${offsets[0]} to ${offsets[1]}`,
    );
  }
  return { name, shape, dtype, offset: dataStart + offsets[0], bytes };
}

function checkPlaces(
  source: ByteSource,
  tensors: readonly SafetensorsEntry[],
  dataStart: number,
): void {
  let end = dataStart;
  for (const { name, offset, bytes } of tensors.toSorted(byPlace)) {
    if (offset !== end) {
      throw corrupt(source.name, offset, `${name} ${offset < end ? "overlaps" : "leaves a hole"}`);
    }
    end = offset + bytes;
  }
  if (end !== source.size) {
    throw corrupt(source.name, end, `the tensors end here, the file at ${source.size}`);
  }
}

function byPlace(a: SafetensorsEntry, b: SafetensorsEntry): number {
  return a.offset - b.offset || a.bytes - b.bytes;
}
