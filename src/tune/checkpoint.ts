import { existsSync, readFileSync, rmSync } from "node:fs";
import { writeAtomically } from "../disk/index.ts";
import { sha256, type Digest } from "../kernel/index.ts";
import type { LossPoint } from "./tune-request.ts";

/** Everything that a tuning needs to go on where it stopped, bit for bit. */
export interface Checkpoint {
  /** Steps taken. The order of examples follows from seed and step, so it needs no state of its own. */
  readonly step: number;
  readonly tokens: number;
  readonly losses: readonly LossPoint[];
  /** Best mean validation loss so far, and the validations since. */
  readonly bestLoss: number | undefined;
  readonly stale: number;
  readonly stoppedEarly: boolean;
  /** Adapter, AdamW's two moments, and the best adapter; equal lengths. */
  readonly vectors: readonly [Float32Array, Float32Array, Float32Array, Float32Array];
}

const magic = "sampan-tune-1";

/** Writes whole or not at all. `key` is the identity of the tuning: base, examples, settings, seed. */
export function writeCheckpoint(path: string, key: Digest, checkpoint: Checkpoint): void {
  const { vectors, ...rest } = checkpoint;
  const body = vectors.map(bytesOf);
  const digest = sha256(Buffer.concat(body));
  const size = vectors[0].length;
  const header = Buffer.from(JSON.stringify({ magic, key, size, digest, ...rest }), "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  writeAtomically(path, [length, header, ...body]);
}

/** The checkpoint of this very tuning, or undefined when there is none that is whole. */
export function readCheckpoint(path: string, key: Digest, size: number): Checkpoint | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  if (bytes.length < 4) return undefined;
  const start = 4 + bytes.readUInt32LE(0);
  if (start + 16 * size !== bytes.length) return undefined;
  const header = parseHeader(bytes.subarray(4, start).toString("utf8"));
  if (header === undefined || header.magic !== magic || header.key !== key) return undefined;
  if (header.size !== size || header.digest !== sha256(bytes.subarray(start))) return undefined;
  const vector = (place: number): Float32Array => {
    const copy = new Uint8Array(
      bytes.subarray(start + 4 * size * place, start + 4 * size * (place + 1)),
    );
    return new Float32Array(copy.buffer, copy.byteOffset, size);
  };
  const { step, tokens, losses, stale, stoppedEarly } = header;
  const bestLoss = header.bestLoss ?? undefined;
  const vectors = [vector(0), vector(1), vector(2), vector(3)] as const;
  return { step, tokens, losses, bestLoss, stale, stoppedEarly, vectors };
}

export function removeCheckpoint(path: string): void {
  rmSync(path, { force: true });
}

type Header = Omit<Checkpoint, "vectors"> & {
  readonly magic: string;
  readonly key: Digest;
  readonly size: number;
  readonly digest: Digest;
};

function parseHeader(text: string): Header | undefined {
  try {
    // The digest below vouches for the vectors, and the key for who wrote the header.
    return JSON.parse(text) as Header;
  } catch {
    return undefined;
  }
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
