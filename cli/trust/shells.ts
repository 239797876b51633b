import type { Variables } from './variables.js';

const quoted = (text: string, quote: string, escaped: string): string => `${quote}${text.replaceAll(quote, escaped)}${quote}`;

/** How each shell sets a variable. */
const SHELLS = {
  posix: (name, value) => `export ${name}=${quoted(value, "'", `'\\''`)}`,
  fish: (name, value) => `set -gx ${name} ${quoted(value.replaceAll('\\', '\\\\'), "'", "\\'")}`,
  powershell: (name, value) => `$env:${name} = ${quoted(value, "'", "''")}`,
  cmd: (name, value) => `set "${name}=${value}"`,
} as const satisfies Record<string, (name: string, value: string) => string>;

/** A shell whose language is known. */
export type ShellName = keyof typeof SHELLS;

/** The names of the shells. */
export const SHELL_NAMES = Object.keys(SHELLS) as readonly ShellName[];

// Names of variables are one in any case where cmd and PowerShell come from.
function distinct(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name === name.toUpperCase()));
}

/** Lines that set variables in a shell. */
export function shellLines(shell: ShellName, variables: Variables): string {
  const set = SHELLS[shell];
  const wanted = shell === 'cmd' ? distinct(variables) : variables;
  return Object.entries(wanted)
    .map(([name, value]) => set(name, value))
    .join('\n');
}
