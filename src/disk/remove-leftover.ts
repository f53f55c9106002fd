import { rmSync } from "node:fs";

/** Removes an unfinished file or folder if it can; the error that left it behind is the one to tell. */
export function removeLeftover(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // `force` hides only a missing path; a parent that is a file, or a disk that went away, is not.
  }
}
