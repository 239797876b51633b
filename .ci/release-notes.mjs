// Prints the section of the changelog about a tag (v1.2.3). Fails if the tag is not the version of package.json, or the changelog has no
// section about it.
import { readFileSync } from 'node:fs';

const tag = process.argv[2] ?? '';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const fail = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};
if (tag !== `v${version}`) fail(`The tag is ${tag || 'missing'}, but package.json has the version ${version}. Tag v${version}.`);
const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m);
const section = sections.find((one) => one.startsWith(`${version}\n`));
if (section === undefined) fail(`CHANGELOG.md has no section "## ${version}".`);
process.stdout.write(`${section.slice(section.indexOf('\n')).trim()}\n`);
