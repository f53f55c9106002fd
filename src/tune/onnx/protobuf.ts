/**
 * Writes the protobuf wire format (https://protobuf.dev/programming-guides/encoding/): just the parts
 * that an ONNX model needs. Fields appear in the order they are written, so equal calls give equal bytes.
 */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** A varint field: int64, int32 and enums of ONNX; never negative here except in `signed`. */
  int(field: number, value: number): this {
    return this.#append(varint(field * 8)).#append(varint(value));
  }

  /** An int64 that may be negative: ten bytes of two's complement, as the format wants. */
  signed(field: number, value: number): this {
    return this.#append(varint(field * 8)).#append(
      varintOfBigInt(BigInt.asUintN(64, BigInt(value))),
    );
  }

  /** A 32-bit float field. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#append(varint(field * 8 + 5)).#append(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#append(varint(field * 8 + 2))
      .#append(varint(value.length))
      .#append(value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, "utf8"));
  }

  /** A nested message, composed by `write`. */
  message(field: number, write: (nested: ProtobufWriter) => void): this {
    const nested = new ProtobufWriter();
    write(nested);
    return this.bytes(field, nested.finish());
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#chunks, this.#length);
  }

  #append(bytes: Uint8Array): this {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function varintOfBigInt(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
