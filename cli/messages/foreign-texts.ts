/**
 * English texts, as templates, of the library that reads the command line and of other folders of the project. They are translated line by
 * line where they are printed; a line that is not here is printed as it is. A template with more text comes before one that also fits. A
 * placeholder with the name of a group holds one of its texts.
 */
export const FOREIGN_TEXTS = {
  // commander
  commandLine: {
    usage: 'Usage:',
    options: 'Options:',
    arguments: 'Arguments:',
    commands: 'Commands:',
    choicesAndDefault: '{text} (choices: {choices}, default: {default})',
    choices: '{text} (choices: {choices})',
    default: '{text} (default: {default})',
    notAChoice: "error: option '{flags}' argument '{value}' is invalid. Allowed choices are {choices}.",
    invalidOption: "error: option '{flags}' argument '{value}' is invalid. {rest}",
    missingArgument: "error: missing required argument '{name}'",
    missingValue: "error: option '{flags}' argument missing",
    unknownOption: "error: unknown option '{flag}'",
    tooManyFor: "error: too many arguments for '{command}'. Expected {expected} argument{s} but got {count}.",
    tooMany: 'error: too many arguments. Expected {expected} argument{s} but got {count}.',
    unknownCommand: "error: unknown command '{name}'",
    suggestions: '(Did you mean one of {names}?)',
    suggestion: '(Did you mean {name}?)',
  },
  // errors and warnings of the simulator
  simulator: {
    portInUse:
      'Port {port} is in use, perhaps by another simulator. Stop that program, or choose another port (--port 0 picks a free one).',
    portForbidden: 'Port {port} may not be opened by this user. Choose one above 1023.',
    noAddress: '{host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all.',
    notListening: 'Cannot listen on {address}: {cause}.',
    wrongPort: '{target} was refused: the gateway answers on port 443.',
    refusedHost: '{target} was refused: this is the proxy of paybox-direct-simulator, which serves {hosts} and forwards nothing.',
    noProxy: 'To reach {host} without it, add it to NO_PROXY: {setting}',
    untrusted: 'A program does not trust the certificate of {file}. Likely causes:',
    untrustedAgain: 'A program does not trust the certificate of {file}.',
    untrustedPhp:
      '{kind}CURLOPT_CAINFO or CURLOPT_CAPATH in the code (verify in Guzzle, cafile of a stream): no setting from outside changes it',
    untrustedShops: '  shops    a list that the software brings along, such as wp-includes/certificates/ca-bundle.crt of WordPress',
    untrustedNode: '{kind}a ca option in the code, of an agent or a connection',
    untrustedPython: '{kind}verify= of requests, or an SSL context in the code, with its own list such as certifi',
    untrustedJava: '{kind}a trust store of the program, or a javax.net.ssl.trustStore that was set after JAVA_TOOL_OPTIONS',
    untrustedAll: '  all      not started by paybox-sim exec, nor in a shell with paybox-sim ca env',
    untrustedFile: 'For a list in a file: {command}',
    untrustedMore: 'How each runtime is configured: {command}; shops: {page}',
    newAuthority:
      'The previous certificate authority {why}. A new one was created: trust {file} again wherever you trusted the previous one (paybox-sim ca trust).',
    noHome: 'This user has no home folder to store the certificate authority in. Set PAYBOX_SIM_HOME to a folder that can be written.',
    authorityUnreadable:
      'The certificate authority {file} cannot be read: {cause}. Make it readable for the user who runs this command, or set PAYBOX_SIM_HOME to another folder.',
    authorityDamaged:
      'The certificate authority {file} is damaged: it does not contain a private key and its certificate. Delete the file; a new authority is then created, and must be trusted (paybox-sim ca trust).',
    authorityNotStored:
      'The certificate authority cannot be stored in {folder}: {cause}. Set PAYBOX_SIM_HOME to a folder that can be written.',
    otherProgram: 'Database {file} belongs to another program. It was not changed. Use another file name.',
  },
  // notes of cards and accounts
  notes: {
    accepted: 'accepted',
    enrolled: 'accepted; 3-D Secure enrolled',
    notEnrolled: 'accepted; not enrolled',
    noChallenge: '3-D Secure 2 without challenge: accepted',
    challenge: '3-D Secure 2 with challenge',
    changed: 'accepted on {account} in 2014; 00157 in 2026',
    mastercard: 'accepted, Mastercard',
    luhn: 'Luhn wrong: 00004',
    without3ds: 'without 3-D Secure',
    with3ds: 'with 3-D Secure',
    hmacOnly: 'HMAC only',
    hmacRequired: 'answers `HMAC requis` to a CLE',
    hosted3ds: '3-D Secure on Paybox System',
  },
  // reports of scenarios
  report: {
    failed: '      ✗ expected {expectation}',
    received: '        received {value}',
    at: '        at {place}',
    status: '      ← status {status}',
    requests: '      the gateway received',
    nothing: '        nothing',
    skipped: '{count} skipped: {reason}',
    count: '{passed} passed, {failed} failed, {skipped} skipped{ansi}in {seconds} s{end}',
    assumes: '      The case assumes {variants}. If the endpoint has another value of the variant, it need not be a fault: see {command}.',
    head: 'variant=value',
    cases: 'cases',
    broken: 'what broke',
    noneBroken: 'nothing',
    brokenMore: '{names} and {count} more',
    nonePasses: 'No variant was tried, because no case passes with the default values.',
    noneTouches: 'No variant was tried: none touches what the cases send, or the scenarios set its value themselves.',
    integrationDepends: 'The integration depends on what the gateway does: it breaks with {names}.',
    resultDepends: 'The result depends on what the gateway does: it breaks with {names}.',
    integrationWorks: 'The integration works whatever the gateway does.',
    casesWork: 'Every case works whatever the gateway does.',
    triedWork: 'Every case that passes with the default values also passes with each tried value.',
    oneNotTried: '1 case fails with the default values and was not tried.',
    notTried: '{count} cases fail with the default values and were not tried.',
  },
  reason: {
    unsafe: 'not safe on a shared endpoint',
    control: 'it sets up or checks state (clock, rules, accounts, payments), which needs a simulator',
    unreachable: 'it starts programs, which cannot reach a gateway that only runs in this process',
    integration: 'no integration is given (--integration)',
    cle: 'the account has no CLE',
    hmac: 'the account has no HMAC key',
    plus: 'the account has no Direct Plus',
  },
  expectation: {
    httpStatus: 'HTTP status {status}',
    order: 'the variables {names} in this order',
    contains: 'a body with {text} in ISO-8859-1',
    lacks: 'a body without {text}',
    transactions: 'the payment of {step} has {count} operations',
    payment: 'the payment of {step} has {name} {state}',
    findings: 'findings: {value}',
    requests: 'the requests {value}',
    money: '{total} over all payments',
    status: 'status {status}',
    kind: 'a step that has a {name}',
    named: 'the reply of {step} to name a payment',
    reply: 'a reply',
    answer: 'an answer in time',
    control: 'the control API to accept this',
    known: 'only names that exist',
    field: '{name} is {value}',
  },
  value: {
    invalid: 'a match of {pattern}, which is not a valid pattern ({cause})',
    match: 'a match of {pattern}',
    not: 'anything but {text}',
    oneOf: 'one of {texts}',
    any: 'any value',
    sent: '{text}, as in the request',
    nothing: 'nothing',
    none: 'none',
    kind: 'a step of another kind',
  },
} as const;

/** Tables with the keys of others, and other texts. */
export type ForeignTexts = {
  readonly [Group in keyof typeof FOREIGN_TEXTS]: { readonly [Id in keyof (typeof FOREIGN_TEXTS)[Group]]: string };
};
