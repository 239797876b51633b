import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { GATEWAY_HOSTS } from '../../contracts/index.js';
import { tempFolder } from '../support/temp-folder.js';

const PAGE = 'https://preprod-ppps.paybox.com/load.html';

/** Clients that load the status page. Their environment has no proxy; the gateway's hosts are names of this machine. */
const CLIENTS: readonly (readonly [name: string, check: string, program: string])[] = [
  ['curl', 'curl --version', `curl -sS ${PAGE}`],
  ['wget', 'wget --version', `wget -qO- ${PAGE}`],
  ['PHP ext-curl', 'php -r "curl_version();"', `php -r '$c = curl_init("${PAGE}"); curl_exec($c); echo curl_error($c);'`],
  ['PHP streams', 'php --version', `php -r 'readfile("${PAGE}");'`],
  ['Node.js', 'node --version', `node -e 'fetch("${PAGE}").then((reply) => reply.text()).then(console.log)'`],
  ['Python urllib', 'python3 --version', `python3 -c 'import urllib.request; print(urllib.request.urlopen("${PAGE}").read().decode())'`],
  ['Python requests', 'python3 -c "import requests"', `python3 -c 'import requests; print(requests.get("${PAGE}").text)'`],
  ['Ruby', 'ruby --version', `ruby -rnet/http -e 'puts Net::HTTP.get(URI("${PAGE}"))'`],
  ['Perl LWP', 'perl -MLWP::Protocol::https -e 1', `perl -MLWP::UserAgent -e 'print LWP::UserAgent->new->get("${PAGE}")->content'`],
  ['Java', 'javac -version', 'java Page.java'],
];

const JAVA = `import java.net.*;
public class Page { public static void main(String[] arguments) throws Exception {
  System.out.println(new String(new URL("${PAGE}").openStream().readAllBytes()));
} }`;

/** A network and a view of the files that only this process has, like those of a container. */
const UNSHARE = ['--map-root-user', '--mount', '--net'] as const;

const isPermitted =
  spawnSync('unshare', [...UNSHARE, 'sh', '-c', 'ip link set lo up && mount --bind /etc /etc'], { stdio: 'ignore' }).status === 0;
if (!isPermitted) process.stderr.write('\n*** NOT TESTED: containers are not permitted here (unshare). ***\n\n');

const isThere = ([name, check]: (typeof CLIENTS)[number]): boolean => {
  if (spawnSync('sh', ['-c', check], { stdio: 'ignore' }).status === 0) return true;
  process.stderr.write(`\n*** NOT TESTED: ${name} is not installed. ***\n\n`);
  return false;
};

// Starts the simulator on port 443, and a shell by way of the entry script, as the Compose file of the docs does.
test.runIf(isPermitted)(
  'the programs of a container that starts with the entry script trust the simulator on port 443',
  async () => {
    const folder = await tempFolder();
    const home = join(folder, 'paybox');
    for (const name of ['local', 'ssl']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'hosts'), `127.0.0.1 localhost ${GATEWAY_HOSTS.map(({ host }) => host).join(' ')}\n`);
    writeFileSync(join(folder, 'Page.java'), JAVA);
    const shop = CLIENTS.map(([name, check, program]) => `${check} >check.out 2>&1 && { echo '== ${name}'; ${program} 2>&1; echo; }`);
    writeFileSync(join(folder, 'shop.sh'), shop.join('\n'));
    const script = `
    set -e
    cd '${folder}'
    ip link set lo up
    mount --bind hosts /etc/hosts
    cp -rP /etc/ssl/. ssl || true
    mount --bind ssl /etc/ssl
    mkdir -p /usr/local/share/ca-certificates
    mount --bind local /usr/local/share/ca-certificates
    unset https_proxy HTTPS_PROXY http_proxy HTTP_PROXY
    PAYBOX_SIM_HOME='${home}' '${process.execPath}' '${resolve('dist/cli/main.js')}' --https --port 443 --host 0.0.0.0 >serve.log 2>&1 &
    trap "kill $!" EXIT
    until grep -q 'Try it' serve.log; do sleep 0.05; done
    PAYBOX_SIM_HOME='${home}' sh '${resolve('compose/trust-authority.sh')}' sh shop.sh`;
    const { stdout, stderr } = spawnSync('unshare', [...UNSHARE, 'sh', '-c', script], { encoding: 'utf8' });
    const outputs = new Map(
      stdout.split(/^== /m).map((part) => [part.slice(0, part.indexOf('\n')), part.includes('id="server_status"') ? 'trusts' : part]),
    );
    const installed = CLIENTS.filter(isThere);
    expect(Object.fromEntries(installed.map(([name]) => [name, outputs.get(name)])), stderr).toEqual(
      Object.fromEntries(installed.map(([name]) => [name, 'trusts'])),
    );
  },
  60_000,
);
