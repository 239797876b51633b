import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark } from './benchmark.js';

function bytesOf(path: string): number {
  const stat = statSync(path);
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0) : stat.size;
}

function packagesOf(modules: string): string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => (name.startsWith('@') ? readdirSync(join(modules, name)).map((one) => `${name}/${one}`) : [name]));
}

function measureInstall(folder: string, tarball: string, ...options: readonly string[]) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', ...options, tarball], { cwd: folder, stdio: 'pipe' });
  const modules = join(folder, 'node_modules');
  return { packages: packagesOf(modules).length, mebibytes: bytesOf(modules) / 2 ** 20 };
}

/** Measures what a user installs, packages and MiB, with and without the optional dependency that `--db` needs. */
export const install: Benchmark = async ({ folder, print }) => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString(),
  ) as { filename: string; size: number }[];
  const tarball = join(folder, packed?.filename ?? '');
  const whole = measureInstall(join(folder, 'whole'), tarball);
  const withoutFile = measureInstall(join(folder, 'without'), tarball, '--omit=optional');
  print(
    `Tarball ${((packed?.size ?? 0) / 1024).toFixed(0)} kB; installed ${whole.packages} packages, ${whole.mebibytes.toFixed(1)} MiB; with --omit=optional ${withoutFile.packages} package, ${withoutFile.mebibytes.toFixed(1)} MiB`,
  );
  return { tarball: packed?.size, whole, withoutFile };
};
