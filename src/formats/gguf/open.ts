import type { ByteSource, TensorInfo } from "../../schema/index.ts";
import { encodingName, fitsColumns, rowBytes } from "../blocks/encodings.ts";
import { corrupt } from "../corrupt.ts";
import { HeaderCursor } from "./header-cursor.ts";
import { numberAt } from "./lookup.ts";
import { readValue } from "./read-value.ts";
import type { GgufMetadata, GgufValue } from "./value.ts";

/** "GGUF" as a little-endian u32. */
const magic = 0x46554747;
/** Real files hold some tens of keys and some thousands of tensors. */
const maximalEntries = 1 << 16;
/** GGML_MAX_NAME is 64 with its closing zero; keys are longer. */
const maximalKeyBytes = 1 << 12;
const maximalNameBytes = 63;
const maximalDimensions = 4;

/** Where one tensor lies in the file. */
export interface GgufTensor extends TensorInfo {
  /** From the start of the file, in bytes. */
  readonly offset: number;
  readonly bytes: number;
}

/** An opened GGUF file: its header parsed and checked, its weights still on disk. */
export interface GgufFile {
  readonly name: string;
  readonly version: number;
  readonly alignment: number;
  readonly metadata: GgufMetadata;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  /** The bytes of one tensor as they are on disk, or some of its whole rows. */
  readRaw(name: string, rows?: { readonly first: number; readonly count: number }): Uint8Array;
}

/** Parses and checks the header of a GGUF file (versions 2 and 3); `format-corrupt` names the byte. */
export function openGguf(source: ByteSource): GgufFile {
  const cursor = new HeaderCursor(source);
  const version = readVersion(cursor);
  const tensorCount = cursor.count("the number of tensors", maximalEntries);
  const valueCount = cursor.count("the number of metadata values", maximalEntries);
  const metadata = readMetadata(cursor, valueCount);
  const alignment = readAlignment(cursor, metadata);
  const infos: GgufTensor[] = [];
  for (let i = 0; i < tensorCount; i++) infos.push(readTensorInfo(cursor, i));
  const dataStart = Math.ceil(cursor.offset / alignment) * alignment;
  const placed = infos.map((info) => ({ ...info, offset: dataStart + info.offset }));
  checkPlaces(source, placed, alignment);
  const tensors = new Map(placed.map((tensor) => [tensor.name, tensor]));
  if (tensors.size !== placed.length) throw cursor.corrupt("two tensors have the same name");
  return {
    name: source.name,
    version,
    alignment,
    metadata,
    tensors,
    readRaw(name, rows) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw corrupt(source.name, 0, `there is no tensor ${name}`);
      if (rows === undefined) return source.read(tensor.offset, tensor.bytes);
      const columns = tensor.shape.at(-1) ?? 1;
      const one = rowBytes(tensor.encoding, columns);
      const { first, count } = rows;
      const whole = Number.isInteger(first) && Number.isInteger(count);
      if (!whole || first < 0 || count < 0 || (first + count) * one > tensor.bytes) {
        throw new RangeError(`${name} has no rows ${first} to ${first + count}`);
      }
      return source.read(tensor.offset + first * one, count * one);
    },
  };
}

function readVersion(cursor: HeaderCursor): number {
  const found = cursor.u32();
  if (found !== magic) {
    throw corrupt(
      cursor.source.name,
      0,
      "this is not a GGUF file",
      "Give the path of a GGUF file.",
    );
  }
  const version = cursor.u32();
  if (version === 2 || version === 3) return version;
  const swapped = version !== 0 && version % 2 ** 16 === 0;
  throw corrupt(
    cursor.source.name,
    4,
    swapped ? "this GGUF file is big-endian" : `GGUF version ${version} is not supported`,
    "Convert the file to little-endian GGUF version 3 with llama.cpp's tools.",
  );
}

function readMetadata(cursor: HeaderCursor, count: number): GgufMetadata {
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < count; i++) {
    const start = cursor.offset;
    const key = cursor.text("a metadata key", maximalKeyBytes);
    if (key === "" || key.includes("\0")) {
      throw cursor.corrupt(`the metadata key ${JSON.stringify(key)} is no name`, start);
    }
    if (metadata.has(key)) throw cursor.corrupt(`the key ${key} is there twice`, start);
    metadata.set(key, readValue(cursor, key));
  }
  return metadata;
}

function readAlignment(cursor: HeaderCursor, metadata: GgufMetadata): number {
  if (!metadata.has("general.alignment")) return 32;
  const alignment = numberAt(metadata, "general.alignment") ?? 0;
  const powerOfTwo = Number.isInteger(alignment) && Number.isInteger(Math.log2(alignment));
  if (powerOfTwo && alignment >= 8 && alignment <= 1 << 20) return alignment;
  throw cursor.corrupt(`general.alignment is ${alignment}, which is no power of two from 8 on`);
}

/** One entry of the tensor table; its offset still counts from the start of the data. */
function readTensorInfo(cursor: HeaderCursor, index: number): GgufTensor {
  const name = cursor.text(`the name of tensor ${index}`, maximalNameBytes);
  const start = cursor.offset;
  const dimensions = cursor.u32();
  if (dimensions < 1 || dimensions > maximalDimensions) {
    throw cursor.corrupt(`${name} has ${dimensions} dimensions, not 1 to 4`, start);
  }
  const shape: number[] = [];
  let count = 1;
  for (let i = 0; i < dimensions; i++) {
    const extent = cursor.count(`a dimension of ${name}`, 2 ** 40);
    count *= extent;
    if (count < 1 || count > 2 ** 48) throw cursor.corrupt(`${name} has ${count} weights`, start);
    shape.unshift(extent);
  }
  const type = cursor.u32();
  const encoding = encodingName(type);
  if (encoding === undefined) {
    throw cursor.corrupt(`${name} has the unknown weight type ${type}`, cursor.offset - 4);
  }
  const columns = shape.at(-1) ?? 1;
  if (!fitsColumns(encoding, columns)) {
    throw cursor.corrupt(`rows of ${columns} of ${name} cannot be in ${encoding}`, start);
  }
  const bytes = (count / columns) * rowBytes(encoding, columns);
  const offset = cursor.count(`the offset of ${name}`, cursor.source.size);
  return { name, shape, encoding, offset, bytes };
}

function checkPlaces(source: ByteSource, tensors: readonly GgufTensor[], alignment: number): void {
  let end = 0;
  let before = "";
  for (const tensor of tensors.toSorted((a, b) => a.offset - b.offset)) {
    const { name, offset, bytes } = tensor;
    if (offset % alignment !== 0) {
      throw corrupt(source.name, offset, `${name} does not start at a multiple of ${alignment}`);
    }
    if (offset < end) throw corrupt(source.name, offset, `${name} overlaps ${before}`);
    end = offset + bytes;
    before = name;
    if (end > source.size) {
      throw corrupt(source.name, offset, `${name} needs ${bytes} bytes, the file ends before`);
    }
  }
}
