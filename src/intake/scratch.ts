import { isAlive } from "../disk/index.ts";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

let taken = 0;

/** Where downloads and half-written files live until they are whole: named by process, beside the store. */
export function takeScratch(home: string): { readonly path: string } & Disposable {
  // Inside the folder of files, which may be a link to another disk: a rename must not cross disks.
  const root = resolve(home, "files", ".scratch");
  mkdirSync(root, { recursive: true });
  sweep(root);
  const path = join(root, `${process.pid}-${taken++}`);
  mkdirSync(path, { recursive: true });
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Removes what killed processes have left. */
function sweep(root: string): void {
  for (const name of readdirSync(root)) {
    const owner = Number(/^(\d+)-\d+$/.exec(name)?.[1]);
    if (Number.isInteger(owner) && owner > 0 && !isAlive(owner)) {
      rmSync(join(root, name), { recursive: true, force: true });
    }
  }
}
