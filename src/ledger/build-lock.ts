import {
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { isAlive } from "../disk/index.ts";
import { SampanError } from "../kernel/index.ts";

/** One build at a time per home: two would share work folders. A dead owner's lock is taken over. */
export function takeBuildLock(home: string): Disposable {
  mkdirSync(home, { recursive: true });
  const path = join(home, "build.lock");
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const descriptor = openSync(path, "wx");
      writeSync(descriptor, `${process.pid}`);
      closeSync(descriptor);
      return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
    } catch (cause) {
      const owner = ownerOf(path);
      if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
        throw new SampanError("build-busy", `process ${owner} is building in ${home}`, {
          hint: `Wait for it, or use another --home. If no such build runs, delete ${path}.`,
          cause,
        });
      }
      takeAway(path, owner);
    }
  }
  throw new SampanError("disk-failed", `${path} cannot be created`, {
    hint: "Check the permissions of the folder, or choose another with --home.",
  });
}

/**
 * Moves a dead owner's lock aside under a name of our own, and puts it back when it is another's by then:
 * of two builds that see the same dead owner only one takes the lock.
 */
function takeAway(path: string, owner: number | undefined): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = ownerOf(aside);
  if (moved === owner) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

function ownerOf(path: string): number | undefined {
  try {
    const owner = Number(readFileSync(path, "utf8"));
    return Number.isInteger(owner) && owner > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}
