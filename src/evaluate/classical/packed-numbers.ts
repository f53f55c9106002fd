import { SampanError } from "../../kernel/index.ts";

/** Numbers as base64 of their little-endian bytes: compact inside a JSON file. */
export function packNumbers(values: Float32Array | Int32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

export function unpackFloats(text: string): Float32Array {
  return new Float32Array(unpackBytes(text));
}

export function unpackIntegers(text: string): Int32Array {
  return new Int32Array(unpackBytes(text));
}

function unpackBytes(text: string): ArrayBuffer {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  if (bytes.length % 4 !== 0) throw corruptModel("packed numbers are cut short");
  return bytes.buffer;
}

/** The error of every classical model file that cannot be what training wrote. */
export function corruptModel(what: string): SampanError {
  return new SampanError("format-corrupt", `classical model: ${what}`, {
    hint: "The file was changed or cut short; build the task again or restore the bundle.",
  });
}
