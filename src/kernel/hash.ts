import { createHash } from "node:crypto";

/** A sha256 in lower-case hexadecimal. */
export type Digest = string;

/** Incremental sha256 for data that does not fit in memory. */
export class Hasher {
  readonly #hash = createHash("sha256");
  update(bytes: Uint8Array | string): this {
    this.#hash.update(bytes);
    return this;
  }
  digest(): Digest {
    return this.#hash.digest("hex");
  }
}

export function sha256(bytes: Uint8Array | string): Digest {
  return new Hasher().update(bytes).digest();
}
