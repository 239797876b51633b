import type { Variables } from './variables.js';

const quoted = (text: string, quote: string, escaped: string): string => `${quote}${text.replaceAll(quote, escaped)}${quote}`;

/** The command that sets a variable, by shell. */
const SHELLS = {
  posix: (name, value) => `export ${name}=${quoted(value, "'", `'\\''`)}`,
  fish: (name, value) => `set -gx ${name} ${quoted(value.replaceAll('\\', '\\\\'), "'", "\\'")}`,
  powershell: (name, value) => `$env:${name} = ${quoted(value, "'", "''")}`,
  cmd: (name, value) => `set "${name}=${value}"`,
} as const satisfies Record<string, (name: string, value: string) => string>;

/** Name of a supported shell. */
export type ShellName = keyof typeof SHELLS;

/** Names of the supported shells. */
export const SHELL_NAMES = Object.keys(SHELLS) as readonly ShellName[];

// Names of variables are case-insensitive on Windows.
function withoutLowerCase(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name === name.toUpperCase()));
}

/** Returns the commands that set variables in a shell, one per line. */
export function shellLines(shell: ShellName, variables: Variables): string {
  const set = SHELLS[shell];
  const wanted = shell === 'cmd' ? withoutLowerCase(variables) : variables;
  return Object.entries(wanted)
    .map(([name, value]) => set(name, value))
    .join('\n');
}
