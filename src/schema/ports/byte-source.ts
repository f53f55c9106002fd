/** Random access to the bytes of one file; the formats read through it and never open files. */
export interface ByteSource {
  /** For messages. */
  readonly name: string;
  readonly size: number;
  /** Exactly `length` bytes from `offset`; throws `format-corrupt` when they are not there. */
  read(offset: number, length: number): Uint8Array;
}
