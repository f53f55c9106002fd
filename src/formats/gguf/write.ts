import { SampanError } from "../../kernel/index.ts";
import type { TensorInfo } from "../../schema/index.ts";
import { encodingId, rowBytes } from "../blocks/encodings.ts";
import { ByteWriter } from "./byte-writer.ts";
import { numberAt } from "./lookup.ts";
import { valueKinds, type GgufMetadata, type GgufValue } from "./value.ts";

/** A tensor to be written; its bytes are asked for when their turn comes, and dropped after. */
export interface TensorToWrite extends TensorInfo {
  data(): Uint8Array;
}

/**
 * A GGUF version 3 file in pieces: the header, then each tensor padded to the alignment
 * (`general.alignment`, or 32). A file that was read gives the same bytes again.
 */
export function* ggufChunks(
  metadata: GgufMetadata,
  tensors: readonly TensorToWrite[],
): Iterable<Uint8Array> {
  const alignment = numberAt(metadata, "general.alignment") ?? 32;
  yield headerBytes(metadata, tensors, alignment);
  for (const tensor of tensors) {
    const bytes = tensor.data();
    const expected = byteLength(tensor);
    if (bytes.length !== expected) {
      throw new SampanError("internal", `${tensor.name} has ${bytes.length} bytes`, {
        hint: `${expected} were expected; please report it with the command you ran.`,
      });
    }
    yield bytes;
    const padding = padded(expected, alignment) - expected;
    if (padding > 0) yield new Uint8Array(padding);
  }
}

function headerBytes(
  metadata: GgufMetadata,
  tensors: readonly TensorToWrite[],
  alignment: number,
): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(Buffer.from("GGUF"));
  writer.u32(3);
  writer.u64(tensors.length);
  writer.u64(metadata.size);
  for (const [key, value] of metadata) {
    writer.text(key);
    writer.u32(valueKinds.indexOf(value.kind));
    writeValue(writer, value);
  }
  let offset = 0;
  for (const tensor of tensors) {
    writer.text(tensor.name);
    writer.u32(tensor.shape.length);
    for (const extent of tensor.shape.toReversed()) writer.u64(extent);
    writer.u32(encodingId(tensor.encoding));
    writer.u64(offset);
    offset += padded(byteLength(tensor), alignment);
  }
  writer.pad(alignment);
  return writer.written();
}

function writeValue(writer: ByteWriter, value: GgufValue): void {
  switch (value.kind) {
    case "array":
      writer.u32(valueKinds.indexOf(value.element));
      writer.u64(value.value.length);
      return writeElements(writer, value);
    case "bool":
      return writer.u8(value.value ? 1 : 0);
    case "text":
      return writer.text(value.value);
    case "u64":
      return writer.u64(value.value);
    case "i64":
      return writer.i64(value.value);
    default:
      return writer[value.kind](value.value);
  }
}

function writeElements(writer: ByteWriter, array: GgufValue & { kind: "array" }): void {
  switch (array.element) {
    case "text":
      for (const text of array.value) writer.text(text);
      return;
    case "bool":
      for (const flag of array.value) writer.u8(flag ? 1 : 0);
      return;
    case "array":
      for (const inner of array.value) writeValue(writer, inner);
      return;
    case "u64":
    case "i64":
      for (let i = 0; i < array.value.length; i++) writer[array.element](array.value[i] ?? 0n);
      return;
    default:
      for (let i = 0; i < array.value.length; i++) writer[array.element](array.value[i] ?? 0);
  }
}

function byteLength({ shape, encoding }: TensorInfo): number {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
  return rows * rowBytes(encoding, columns);
}

function padded(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
