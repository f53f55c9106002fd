/** Longest counted repeat: the runtime unrolls it into states. */
const maxRepeat = 1_000;

/**
 * Why a pattern cannot be used, or undefined. A pattern must compile, say only what a finite
 * automaton can decide (no look-around, no back-reference), and not nest unbounded repeats, which
 * would make a backtracking check of a hostile value take exponential time.
 */
export function patternProblem(
  pattern: string,
): { readonly problem: string; readonly remedy: string } | undefined {
  try {
    new RegExp(pattern, "u");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^.*: /, "") : String(cause);
    return {
      problem: `does not compile: ${why}`,
      remedy: "Write a JavaScript regular expression.",
    };
  }
  if (/\(\?(?!:)/.test(pattern) || /\\[1-9kbB]/.test(pattern.replaceAll("\\\\", ""))) {
    return {
      problem: "uses look-around, a named group, a word boundary or a back-reference",
      remedy: "Use only characters, classes, groups (?:...), |, ?, *, + and {n,m}.",
    };
  }
  const repeat = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].find(
    ([, low = "0", high = ""]) => Number(low) > maxRepeat || Number(high) > maxRepeat,
  );
  if (repeat !== undefined) {
    return { problem: `repeats ${repeat[0]} times`, remedy: `Repeat at most ${maxRepeat} times.` };
  }
  if (nestsRepeats(pattern)) {
    return {
      problem: "repeats a group without bound that itself repeats without bound",
      remedy: "Bound one of the two, as in (?:[a-z]+ ){0,5}.",
    };
  }
  return undefined;
}

/** Whether an unbounded repeat holds another one, at any depth. */
function nestsRepeats(pattern: string): boolean {
  const bare = pattern.replace(/\\./gs, "x").replace(/\[[^\]]*\]/g, "x");
  /** Per open group: whether something inside repeats without bound. */
  const inside: boolean[] = [false];
  for (let i = 0; i < bare.length; i++) {
    const rest = bare.slice(i);
    if (rest.startsWith("(")) inside.push(false);
    else if (rest.startsWith(")")) {
      const repeats = inside.pop() ?? false;
      if (repeats && isUnbounded(rest.slice(1))) return true;
      if (repeats) inside[inside.length - 1] = true;
    } else if (isUnbounded(rest)) inside[inside.length - 1] = true;
  }
  return false;
}

function isUnbounded(text: string): boolean {
  return /^(?:[*+]|\{\d+,\})/.test(text);
}
