/** What makes programs untrustedClientHint the authority though they were told of it, by their kind. */
const CAUSES = [
  ['PHP', 'CURLOPT_CAINFO or CURLOPT_CAPATH in the code (verify of Guzzle, cafile of a stream): no setting from outside reaches it'],
  ['Node.js', 'ca in the code, of an agent or a connection'],
  ['Python', 'verify= of requests or an SSL context in the code, with a list such as that of certifi'],
  ['Java', 'no trust store has been made for it yet'],
  ['all', 'started neither by paybox-sim exec nor in a shell of paybox-sim ca env'],
] as const;

const WIDTH = 9;

/**
 * Tells of a program that does not trust an authority.
 *
 * @param file the authority's certificate
 */
export function untrustedClientHint(file: string): string {
  const causes = CAUSES.map(([kind, cause]) => `  ${kind.padEnd(WIDTH)}${cause}`);
  return [`A program does not trust the certificate of ${file}. Likely causes:`, ...causes, 'What each takes: paybox-sim ca trust'].join(
    '\n',
  );
}
