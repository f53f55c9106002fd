import type { Emit } from "../kernel/index.ts";

/** What fetching may use of the surroundings; filled in where the process is known. */
export interface IntakeEnvironment {
  /** The Python to run pip with; `python3`, then `python`, when absent. */
  readonly python?: string;
  readonly fetch?: typeof fetch;
  /** Address of a hub that speaks Hugging Face's protocol; the public one when absent. */
  readonly hubEndpoint?: string;
  /** Sent to the hub's own address only. */
  readonly hubToken?: string;
}

/** Where to look for files and where to keep them. */
export interface Whereabouts {
  /** The store: files are kept at `<home>/files/<sha256>`. */
  readonly home: string;
  /** Relative paths start here. */
  readonly baseFolder: string;
  /** What the file is called in messages. */
  readonly name: string;
  readonly emit: Emit;
  /** Milliseconds; only to thin out progress. */
  readonly clock?: () => number;
  /** Nothing is fetched: only paths, installed packages and the store count. */
  readonly offline?: boolean;
  readonly environment: IntakeEnvironment;
}

/** A file as a place offers it: already on this disk, or as a stream of its bytes. */
export type Offer =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stream"; readonly chunks: AsyncIterable<Uint8Array> };

/** What a place is told about the file that is wanted. */
export interface Wanted {
  readonly where: Whereabouts;
  /** No more than this many bytes are taken. */
  readonly bound: number;
  /** A folder for downloads, removed afterwards. */
  readonly scratch: string;
}
