import type { HeaderCursor } from "./header-cursor.ts";
import { kindBytes, valueKinds, type GgufArray, type GgufValue } from "./value.ts";

/** Far above any tokenizer's vocabulary, far below what would exhaust the memory. */
const maximalElements = 1 << 24;
/** Chat templates are the longest texts that real files hold (tens of kilobytes). */
const maximalTextBytes = 1 << 26;
const maximalNesting = 4;

/** One metadata value with the number of its kind before it. */
export function readValue(cursor: HeaderCursor, key: string): GgufValue {
  const kind = readKind(cursor, key);
  switch (kind) {
    case "bool":
      return { kind, value: readBool(cursor, key) };
    case "text":
      return { kind, value: cursor.text(`the text ${key}`, maximalTextBytes) };
    case "array":
      return readArray(cursor, key, 1);
    case "u64":
      return { kind, value: cursor.u64() };
    case "i64":
      return { kind, value: cursor.i64() };
    default:
      return { kind, value: cursor[kind]() };
  }
}

function readKind(cursor: HeaderCursor, key: string): GgufValue["kind"] {
  const start = cursor.offset;
  const id = cursor.u32();
  const kind = valueKinds[id];
  if (kind === undefined) throw cursor.corrupt(`${key} has the unknown value type ${id}`, start);
  return kind;
}

function readBool(cursor: HeaderCursor, key: string): boolean {
  const byte = cursor.u8();
  if (byte > 1)
    throw cursor.corrupt(`${key} is ${byte}, which is no truth value`, cursor.offset - 1);
  return byte === 1;
}

function readArray(cursor: HeaderCursor, key: string, depth: number): GgufArray {
  if (depth > maximalNesting) throw cursor.corrupt(`${key} nests arrays too deeply`);
  const element = readKind(cursor, key);
  const fitting = Math.floor(Math.max(0, cursor.left - 8) / kindBytes[element]);
  const length = cursor.count(`the length of the array ${key}`, Math.min(maximalElements, fitting));
  const each = <T>(read: () => T): T[] => {
    const values: T[] = [];
    for (let i = 0; i < length; i++) values.push(read());
    return values;
  };
  switch (element) {
    case "text":
      return {
        kind: "array",
        element,
        value: each(() => cursor.text(`a text of ${key}`, maximalTextBytes)),
      };
    case "bool":
      return { kind: "array", element, value: each(() => readBool(cursor, key)) };
    case "array":
      return { kind: "array", element, value: each(() => readArray(cursor, key, depth + 1)) };
    case "u64":
      return { kind: "array", element, value: new BigUint64Array(cursor.bytes(length * 8).buffer) };
    case "i64":
      return { kind: "array", element, value: new BigInt64Array(cursor.bytes(length * 8).buffer) };
    default: {
      const { buffer } = cursor.bytes(length * kindBytes[element]);
      return { kind: "array", element, value: new numberArrays[element](buffer) };
    }
  }
}

const numberArrays = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;
