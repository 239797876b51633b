/** Why programs do not trust the authority although they are configured to, by runtime. */
const CAUSES = [
  ['PHP', 'CURLOPT_CAINFO or CURLOPT_CAPATH in the code (verify in Guzzle, cafile of a stream): no setting from outside changes it'],
  ['shops', 'a list that the software brings along, such as wp-includes/certificates/ca-bundle.crt of WordPress'],
  ['Node.js', 'a ca option in the code, of an agent or a connection'],
  ['Python', 'verify= of requests, or an SSL context in the code, with its own list such as certifi'],
  ['Java', 'a trust store of the program, or a javax.net.ssl.trustStore that was set after JAVA_TOOL_OPTIONS'],
  ['all', 'not started by paybox-sim exec, nor in a shell with paybox-sim ca env'],
] as const;

const WIDTH = 9;

/**
 * The message about a program that does not trust the authority.
 *
 * @param file the authority's certificate
 */
export function untrustedClientHint(file: string): string {
  const causes = CAUSES.map(([kind, cause]) => `  ${kind.padEnd(WIDTH)}${cause}`);
  return [
    `A program does not trust the certificate of ${file}. Likely causes:`,
    ...causes,
    'For a list in a file: paybox-sim ca bundle --into FILE',
    'How each runtime is configured: paybox-sim ca trust; shops: docs/shops.md',
  ].join('\n');
}
