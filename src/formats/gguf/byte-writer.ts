/** A growing little-endian buffer for file headers. */
export class ByteWriter {
  #buffer = Buffer.alloc(1 << 16);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  u8(value: number): void {
    this.#at = this.#grown(1).writeUInt8(value, this.#at);
  }
  i8(value: number): void {
    this.#at = this.#grown(1).writeInt8(value, this.#at);
  }
  u16(value: number): void {
    this.#at = this.#grown(2).writeUInt16LE(value, this.#at);
  }
  i16(value: number): void {
    this.#at = this.#grown(2).writeInt16LE(value, this.#at);
  }
  u32(value: number): void {
    this.#at = this.#grown(4).writeUInt32LE(value, this.#at);
  }
  i32(value: number): void {
    this.#at = this.#grown(4).writeInt32LE(value, this.#at);
  }
  f32(value: number): void {
    this.#at = this.#grown(4).writeFloatLE(value, this.#at);
  }
  f64(value: number): void {
    this.#at = this.#grown(8).writeDoubleLE(value, this.#at);
  }
  u64(value: bigint | number): void {
    this.#at = this.#grown(8).writeBigUInt64LE(BigInt(value), this.#at);
  }
  i64(value: bigint): void {
    this.#at = this.#grown(8).writeBigInt64LE(value, this.#at);
  }

  /** UTF-8 with its 64-bit length before it. */
  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.u64(length);
    this.#at += this.#grown(length).write(value, this.#at, "utf8");
  }

  bytes(value: Uint8Array): void {
    this.#grown(value.length).set(value, this.#at);
    this.#at += value.length;
  }

  /** Zeros up to the next multiple of `alignment`. */
  pad(alignment: number): void {
    this.bytes(new Uint8Array((alignment - (this.#at % alignment)) % alignment));
  }

  written(): Uint8Array {
    return this.#buffer.subarray(0, this.#at);
  }

  #grown(more: number): Buffer {
    if (this.#at + more > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(this.#buffer.length * 2, this.#at + more));
      this.#buffer.copy(larger, 0, 0, this.#at);
      this.#buffer = larger;
    }
    return this.#buffer;
  }
}
