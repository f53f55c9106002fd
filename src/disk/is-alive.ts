/** Whether a process of this number runs; one that belongs to somebody else counts. */
export function isAlive(id: number): boolean {
  try {
    // Signal 0 asks whether the process is there and sends nothing.
    process.kill(id, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}
