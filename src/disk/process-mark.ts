import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { isAlive } from "./is-alive.ts";

/** A process told apart from every other, of another machine or with the same number later. */
export interface ProcessMark {
  readonly host: string;
  readonly pid: number;
  /** When it began, as the system counts; empty where the system does not tell. */
  readonly born: string;
}

/** The mark of the process that asks. */
export function markProcess(): ProcessMark {
  return { host: hostname(), pid: process.pid, born: birthOf(process.pid) };
}

/** Whether a process has ended for certain; one of another machine cannot be asked. */
export function hasEnded({ host, pid, born }: ProcessMark): boolean {
  if (host !== hostname()) return false;
  return !isAlive(pid) || birthOf(pid) !== born;
}

/** The boot's id and the process's start in clock ticks since then; Linux's proc(5), field 22 of `stat`. */
function birthOf(pid: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets, which may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return `${boot} ${fields[19] ?? ""}`;
  } catch {
    return "";
  }
}
