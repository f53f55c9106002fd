import type { Place } from "../schema/index.ts";
import type { Offer, Wanted } from "./places.ts";
import { reasonOf, unreachable } from "./unreachable.ts";

/** The public hub; another one that speaks its protocol can be named instead. */
const publicHub = "https://huggingface.co";
/** A hub that does not answer within this time counts as out of reach. */
const answerMilliseconds = 5_000;
/** A redirect leads to a store that may have to wake up. */
const redirectMilliseconds = 20_000;
/** A stream that stands still this long is given up. */
const stallMilliseconds = 30_000;
const maximalRedirects = 5;

type HubPlace = Extract<Place, { hub: string }>;

/** A file of a model or data set on the Hugging Face hub, streamed. */
export async function offerHub(place: HubPlace, wanted: Wanted): Promise<Offer> {
  const { environment } = wanted.where;
  const endpoint = (environment.hubEndpoint ?? publicHub).replace(/\/+$/, "");
  const folder = place.repository === "dataset" ? "datasets/" : "";
  const path = place.member.split("/").map(encodeURIComponent).join("/");
  const revision = encodeURIComponent(place.revision);
  const text = `${endpoint}/${folder}${place.hub}/resolve/${revision}/${path}`;
  if (!URL.canParse(text)) {
    throw unreachable(
      `hub ${place.hub}`,
      `${endpoint} is no address`,
      "correct the hub's address (HF_ENDPOINT)",
    );
  }
  const address = new URL(text);
  const fail = (reason: string, cause?: unknown) =>
    unreachable(
      `hub ${place.hub}`,
      reason,
      `download ${address.href} where the hub can be reached (behind a proxy, NODE_USE_ENV_PROXY=1 makes Sampan use it)`,
      cause,
    );
  const abort = new AbortController();
  let response: Response;
  try {
    response = await follow(address, environment.hubToken, environment.fetch ?? fetch, abort);
  } catch (cause) {
    throw fail(abort.signal.aborted ? "no answer in time" : reasonOf(cause), cause);
  }
  if (response.status === 401 || response.status === 403) {
    throw fail(`answers ${response.status}: accept its terms there and set HF_TOKEN`);
  }
  if (!response.ok || response.body === null) throw fail(`answers ${response.status}`);
  const length = Number(response.headers.get("content-length") ?? 0);
  if (length > wanted.bound) {
    abort.abort();
    throw fail(`offers ${length} bytes, but at most ${wanted.bound} are expected`);
  }
  return { kind: "stream", chunks: readBody(response.body, abort, fail) };
}

/** Follows redirects by hand, so that the token stays with the hub's own address. */
async function follow(
  start: URL,
  token: string | undefined,
  fetchIt: typeof fetch,
  abort: AbortController,
): Promise<Response> {
  let address = start;
  for (let hop = 0; hop <= maximalRedirects; hop++) {
    const timer = setTimeout(
      () => abort.abort(),
      hop === 0 ? answerMilliseconds : redirectMilliseconds,
    );
    try {
      const own = token !== undefined && address.origin === start.origin;
      const response = await fetchIt(address, {
        redirect: "manual",
        signal: abort.signal,
        headers: own ? { authorization: `Bearer ${token}` } : {},
      });
      const next = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || next === null) return response;
      await response.body?.cancel();
      address = new URL(next, address);
    } finally {
      clearTimeout(timer);
    }
  }
  throw new Error("redirects without end");
}

async function* readBody(
  body: ReadableStream<Uint8Array>,
  abort: AbortController,
  fail: (reason: string, cause?: unknown) => Error,
): AsyncIterable<Uint8Array> {
  const stall = (): NodeJS.Timeout => setTimeout(() => abort.abort(), stallMilliseconds);
  let timer = stall();
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      yield chunk;
      timer = stall();
    }
  } catch (cause) {
    throw fail(abort.signal.aborted ? "the download stands still" : reasonOf(cause), cause);
  } finally {
    clearTimeout(timer);
  }
}
