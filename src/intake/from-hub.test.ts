import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { catchError } from "../../test/catch-error.ts";
import { sha256 } from "../kernel/index.ts";
import { sourceFileSchema } from "../schema/index.ts";
import { findSourceFile } from "./find-source-file.ts";
import { storedPath } from "./keep-file.ts";
import type { IntakeEnvironment } from "./places.ts";

const content = "粮油批发,42\n".repeat(1000);
const digest = sha256(content);
let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "sampan-hub-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(home, { recursive: true, force: true });
});

function find(file: unknown, environment: IntakeEnvironment): ReturnType<typeof findSourceFile> {
  return findSourceFile(sourceFileSchema.parse(file), {
    home,
    baseFolder: home,
    name: "trade.csv",
    emit: () => {},
    environment,
  });
}

describe("the hub", () => {
  let server: Server;
  let endpoint = "";
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const file = {
    sha256: digest,
    bytes: Buffer.byteLength(content),
    places: [{ hub: "somebody/trade", member: "data/trade 1.csv", repository: "dataset" }],
  };

  beforeEach(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test("a file is streamed into the store", async () => {
    const asked: string[] = [];
    answer = (request, response) => {
      asked.push(request.url ?? "");
      response.end(content);
    };
    const found = await find(file, { hubEndpoint: endpoint });
    expect(found.path).toBe(storedPath(home, digest));
    expect(readFileSync(found.path, "utf8")).toBe(content);
    expect(asked).toEqual(["/datasets/somebody/trade/resolve/main/data/trade%201.csv"]);
  });

  test("a redirect is followed, the token stays with the hub", async () => {
    const tokens: unknown[] = [];
    const store = createServer((request, response) => {
      tokens.push(request.headers.authorization);
      response.end(content);
    });
    await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
    const address = store.address();
    const port = typeof address === "object" ? address?.port : 0;
    answer = (request, response) => {
      tokens.push(request.headers.authorization);
      response.writeHead(302, { location: `http://127.0.0.1:${port}/blob` }).end();
    };
    const found = await find(file, { hubEndpoint: endpoint, hubToken: "secret" });
    store.close();
    expect(found.sha256).toBe(digest);
    expect(tokens).toEqual(["Bearer secret", undefined]);
  });

  test.each([
    ["404", 404, "", /answers 404/],
    ["terms to accept", 403, "", /accept its terms/],
    ["too long", 200, `${content}x`, /at most \d+ are expected/],
    ["another file", 200, content.replace("4", "5"), /should have sha256/],
  ])("%s is said and nothing is kept", async (_, status, body, message) => {
    answer = (_request, response) =>
      response.writeHead(status, { "content-length": Buffer.byteLength(body) }).end(body);
    const error = await catchError(find(file, { hubEndpoint: endpoint }));
    expect(error.message).toMatch(message);
    expect(partials()).toEqual([]);
  });

  test("a body that is longer than promised or breaks off is not kept", async () => {
    answer = (_request, response) => {
      response.writeHead(200, { "transfer-encoding": "chunked" });
      response.end(`${content}more`);
    };
    const long = await catchError(find(file, { hubEndpoint: endpoint }));
    expect(long.code).toBe("digest-mismatch");
    expect(long.message).toMatch(/longer than the promised/);
    answer = (_request, response) => {
      response.writeHead(200, { "content-length": String(file.bytes) });
      response.write(content.slice(0, 100));
      setTimeout(() => response.destroy(), 20);
    };
    const broken = await catchError(find(file, { hubEndpoint: endpoint }));
    expect(broken.code).toBe("source-unreachable");
    expect(partials()).toEqual([]);
  });

  test("redirects without end are given up", async () => {
    answer = (_request, response) => response.writeHead(302, { location: "/again" }).end();
    const error = await catchError(find(file, { hubEndpoint: endpoint }));
    expect(error.message).toContain("redirects without end");
  });

  test("an address that is none is said", async () => {
    const error = await catchError(find(file, { hubEndpoint: "mirror" }));
    expect(error.message).toContain("mirror is no address");
  });

  test("a hub that is not there is skipped", async () => {
    const error = await catchError(find(file, { hubEndpoint: "http://127.0.0.1:1" }));
    expect(error.code).toBe("source-unreachable");
    expect(error.hint).toContain("download http://127.0.0.1:1/datasets/somebody/trade");
  });

  test("a hub that does not answer is given up after five seconds", async () => {
    vi.useFakeTimers();
    const silent: typeof fetch = (_, options) =>
      new Promise((_resolve, reject) => {
        options?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      });
    const found = catchError(find(file, { hubEndpoint: endpoint, fetch: silent }));
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await found).message).toContain("no answer in time");
  });

  function partials(): string[] {
    const files = join(home, "files");
    const listed = existsSync(files)
      ? readdirSync(files, { recursive: true, encoding: "utf8" })
      : [];
    return listed.filter((name) => name !== ".scratch");
  }
});
