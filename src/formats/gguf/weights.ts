import { SampanError } from "../../kernel/index.ts";
import type { Weights } from "../../schema/index.ts";
import { dequantize, readableEncodings } from "../blocks/dequantize.ts";
import { rowBytes } from "../blocks/encodings.ts";
import { readModelConfig, unsupported } from "./model-config.ts";
import type { GgufFile, GgufTensor } from "./open.ts";
import { checkTensors } from "./tensor-plan.ts";

/**
 * The weights of a model in a GGUF file as f32. The shape and presence of every tensor is checked here;
 * `base-unsupported` names a family, variant or encoding that cannot be computed.
 */
export function ggufWeights(file: GgufFile): Weights {
  const config = readModelConfig(file);
  checkTensors(file, config);
  for (const { name, encoding } of file.tensors.values()) {
    if (readableEncodings.includes(encoding)) continue;
    throw unsupported(
      file.name,
      `${name} is in ${encoding}; readable are ${readableEncodings.join(", ")}`,
    );
  }
  return {
    config,
    tensors: file.tensors,
    read(name) {
      const { encoding, shape } = find(file, name);
      const count = shape.reduce((product, extent) => product * extent, 1);
      return dequantize(encoding, file.readRaw(name), count);
    },
    readRows: (name, rows) => readRows(file, find(file, name), [...rows]),
  };
}

/** Reads each run of neighbouring rows in one go. */
function readRows(file: GgufFile, tensor: GgufTensor, rows: readonly number[]): Float32Array {
  const columns = tensor.shape.at(-1) ?? 1;
  const rowLength = rowBytes(tensor.encoding, columns);
  const raw = new Uint8Array(rows.length * rowLength);
  for (let from = 0, to = 0; from < rows.length; from = to) {
    const first = rows[from] ?? 0;
    while (to < rows.length && rows[to] === first + to - from) to++;
    if (to === from) throw new RangeError(`${tensor.name} has no row ${first}`);
    raw.set(file.readRaw(tensor.name, { first, count: to - from }), from * rowLength);
  }
  return dequantize(tensor.encoding, raw, rows.length * columns);
}

function find(file: GgufFile, name: string): GgufTensor {
  const tensor = file.tensors.get(name);
  if (tensor !== undefined) return tensor;
  throw new SampanError("internal", `${file.name} has no tensor ${name}`, {
    hint: "This is a defect in Sampan; please report it with the command you ran.",
  });
}
