import { SampanError } from "../../kernel/index.ts";
import { dtypeBytes } from "./dtypes.ts";

/** A tensor to be written; its bytes are asked for when their turn comes. */
export interface SafetensorToWrite {
  readonly name: string;
  /** Row-major. */
  readonly shape: readonly number[];
  readonly dtype: "F32" | "F16" | "BF16";
  data(): Uint8Array;
}

/**
 * A safetensors file in pieces. Order as the reference implementation writes it: wider types first, then
 * by name; the header padded with spaces to 8 bytes. Same tensors, same bytes.
 */
export function* safetensorsChunks(
  tensors: readonly SafetensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): Iterable<Uint8Array> {
  const ordered = tensors.toSorted(
    (a, b) => width(b) - width(a) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) {
    const sorted = Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1));
    entries.push(["__metadata__", Object.fromEntries(sorted)]);
  }
  let offset = 0;
  for (const tensor of ordered) {
    const end = offset + byteLength(tensor);
    const { dtype, shape } = tensor;
    entries.push([tensor.name, { dtype, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const json = `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`;
  const text = Buffer.from(json);
  const header = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, " ");
  header.writeBigUInt64LE(BigInt(header.length - 8), 0);
  text.copy(header, 8);
  yield header;
  for (const tensor of ordered) {
    const bytes = tensor.data();
    if (bytes.length !== byteLength(tensor)) {
      throw new SampanError("internal", `${tensor.name} has ${bytes.length} bytes`, {
        hint: `${byteLength(tensor)} were expected; please report it with the command you ran.`,
      });
    }
    yield bytes;
  }
}

function width({ dtype }: SafetensorToWrite): number {
  return dtypeBytes[dtype] ?? 1;
}

function byteLength(tensor: SafetensorToWrite): number {
  return tensor.shape.reduce((product, extent) => product * extent, width(tensor));
}
