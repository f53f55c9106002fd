import type { ByteSource } from "../../schema/index.ts";
import { corrupt } from "../corrupt.ts";

const windowBytes = 1 << 20;

/** Reads little-endian values one after the other, a window of the file at a time. */
export class HeaderCursor {
  readonly source: ByteSource;
  #window: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #windowStart = 0;
  #at = 0;

  constructor(source: ByteSource) {
    this.source = source;
  }

  /** Absolute position in the file. */
  get offset(): number {
    return this.#windowStart + this.#at;
  }

  get left(): number {
    return this.source.size - this.offset;
  }

  u8(): number {
    const at = this.#take(1);
    return this.#view.getUint8(at);
  }
  i8(): number {
    const at = this.#take(1);
    return this.#view.getInt8(at);
  }
  u16(): number {
    const at = this.#take(2);
    return this.#view.getUint16(at, true);
  }
  i16(): number {
    const at = this.#take(2);
    return this.#view.getInt16(at, true);
  }
  u32(): number {
    const at = this.#take(4);
    return this.#view.getUint32(at, true);
  }
  i32(): number {
    const at = this.#take(4);
    return this.#view.getInt32(at, true);
  }
  f32(): number {
    const at = this.#take(4);
    return this.#view.getFloat32(at, true);
  }
  f64(): number {
    const at = this.#take(8);
    return this.#view.getFloat64(at, true);
  }
  u64(): bigint {
    const at = this.#take(8);
    return this.#view.getBigUint64(at, true);
  }
  i64(): bigint {
    const at = this.#take(8);
    return this.#view.getBigInt64(at, true);
  }

  /** A 64-bit count, length or offset, refused above `most`. */
  count(what: string, most: number): number {
    const start = this.offset;
    const at = this.#take(8);
    const value = this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32;
    if (value > most) throw this.corrupt(`${what} is ${value}, more than ${most}`, start);
    return value;
  }

  /** A text with its 64-bit length before it; must be UTF-8. */
  text(what: string, most: number): string {
    const length = this.count(`the length of ${what}`, Math.min(most, Math.max(0, this.left - 8)));
    const at = this.#take(length);
    const text = this.#window.toString("utf8", at, at + length);
    // U+FFFD may be in the text itself; only then is it worth encoding it again to be sure.
    if (text.includes("\ufffd") && Buffer.byteLength(text) !== length) {
      throw this.corrupt(`${what} is not UTF-8`, this.offset - length);
    }
    return text;
  }

  /** A copy of the next bytes, in a buffer of its own. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#take(length);
    return new Uint8Array(this.#window.subarray(at, at + length));
  }

  corrupt(what: string, offset: number = this.offset): Error {
    return corrupt(this.source.name, offset, what);
  }

  /** Moves on by `length` and returns where in the window these bytes are. */
  #take(length: number): number {
    if (this.#at + length > this.#window.length) this.#refill(length);
    const at = this.#at;
    this.#at += length;
    return at;
  }

  #refill(length: number): void {
    const { offset, left } = this;
    if (length > left) {
      throw this.corrupt(`the header goes on for ${length} bytes, but the file ends in ${left}`);
    }
    const bytes = this.source.read(offset, Math.min(left, Math.max(length, windowBytes)));
    this.#window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    [this.#windowStart, this.#at] = [offset, 0];
  }
}
