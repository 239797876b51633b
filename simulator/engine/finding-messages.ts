/** The messages of each rule. Those with more text come first: a message is read back with the first template that it matches. */
export const FINDING_MESSAGES = {
  'not-a-form': {
    empty: 'The body is empty.',
    multipart: 'The body is multipart/form-data.',
    json: 'The body is JSON.',
    gzip: 'The body is compressed (gzip).',
    mistaken: 'The body has no {missing}. {mistakes}.',
    noForm: 'The body has no {missing}.',
  },
  'body-too-large': { tooLarge: 'The body is larger than 64 KiB.' },
  'content-length-differs': {
    characters: 'Content-Length was {announced}, but {sent} bytes were sent: it counted the characters.',
    counted: 'Content-Length was {announced}, but {sent} bytes ({characters} characters) were sent.',
    bytes: 'Content-Length was {announced}, but {sent} bytes were sent.',
  },
  'bad-escape': { percent: 'The body has a % that is not followed by two hex digits.' },
  'repeated-variable': { repeated: 'Sent more than once: {names}.' },
  'unknown-variable': {
    mistaken: 'Not variables of the gateway: {names}. {mistakes}.',
    unknown: 'Not variables of the gateway: {names}.',
  },
  'echo-altered': { spaces: '{name} has characters that the reply repeats as spaces.' },
  'card-number-exposed': { exposed: 'The card number is also in {names}.' },
  'content-type': { type: 'Content-Type is {mediaType}.' },
  'unencoded-plus': { plus: 'An unencoded + was read as a space in {names}.' },
  'sent-by-get': { query: 'The question was the query of a GET.' },
  'not-the-gateway': { missed: '{request} was answered with HTTP status {status}: {reason}.' },
  'identifiant-differs': { differs: 'IDENTIFIANT is {sent}, but account {account} has IDENTIFIANT {known}.' },
  'hmac-differs': {
    base64: 'The HMAC differs: it is base64; send hex digits.',
    mistake: 'The HMAC differs: {hmacMistake}.',
    differs: 'The HMAC differs from the one computed with {hash} over "KEY=value&…" in the order sent.',
    algorithm: 'HASH={hash} is not an algorithm of the gateway (SHA512, SHA384, SHA256, SHA224, RIPEMD160).',
    noKey: 'Account {account} has no HMAC key.',
  },
  'date-far-off': {
    before: "DATEQ is {date}, {days} days before the gateway's date {today}.",
    after: "DATEQ is {date}, {days} days after the gateway's date {today}.",
  },
  'date-invalid': { invalid: 'DATEQ is {dateq}, which is not a date of the calendar.' },
  'question-number-reused': {
    reused: 'NUMQUESTION {number} was used today for TYPE {types}; an account with questionNumbers: per-day refuses it ({code}).',
  },
  'rang-length-changed': { changed: 'RANG is {now}, but it was {before} when the payment was made.' },
  'numbers-swapped': { swapped: 'NUMAPPEL and NUMTRANS look swapped: {number} is the NUMTRANS of {payment}.' },
  'numbers-mixed': { mixed: 'NUMTRANS {numtrans} is of {payment}, but NUMAPPEL {numappel} is not.' },
  'currency-differs': { differs: 'DEVISE is {sent}, but the payment is in {known}.' },
  'reference-differs': { differs: 'REFERENCE is {sent}, but the payment has REFERENCE {known}.' },
  'paid-twice': { paid: 'REFERENCE {reference} was already paid with the same amount: {payment}.' },
  'refunded-twice': { refunded: '{payment} was refunded by the same amount less than a minute ago.' },
  'credit-for-refund': {
    credit: 'This credit has REFERENCE {reference}, which is the REFERENCE of the captured {payment}.',
  },
  'cancel-after-remittance': { late: 'Too late to cancel: {payment} was remitted on {date}.' },
  'frame-refused': {
    version: 'VERSION is {value}, which the gateway does not accept.',
    type: 'TYPE is {value}, which is not an operation.',
    directPlus: 'TYPE is {type} ({operation}), which VERSION {version} does not have.',
  },
  'access-refused': {
    otherRank: 'There is no account with SITE {site} and RANG {rang}; SITE {known} has the ranks {ranks}.',
    unknown: 'There is no account with SITE {site} and RANG {rang}.',
    noHmac: 'Account {account} requires an HMAC, and the question has none.',
    noKey: 'The question has neither the CLE nor an HMAC of account {account}.',
    wrongKey: 'CLE is not the CLE of account {account}.',
  },
  'variable-missing': {
    missing: 'Missing or empty: {names} ({type} requires {required}).',
    noForm: 'The body has no {missing}.',
  },
  'variable-malformed': {
    tooLong: '{name} has {length} characters; it may have {max}.',
    notDigits: '{name} must be digits; the gateway ignored it.',
    impossible: '{name} cannot hold this value; it must be {expected}.',
    spaces: 'PORTEUR has spaces or hyphens; send its digits only.',
    cardLength: 'PORTEUR is not 13 to 19 digits.',
    expirySlash: 'DATEVAL is {value}; it must be MMYY, without the slash.',
    expiryYear: 'DATEVAL is {value}; it must be MMYY, with two digits for the year.',
    expiryOrder: 'DATEVAL is {value}; it must be MMYY: this looks like YYMM.',
    expiry: 'DATEVAL is {value}; it must be MMYY.',
    cvv: "CVV has not the length of the card's scheme: 4 digits for American Express, 3 for the others.",
    currency: 'DEVISE is {value}; it must be {expected}, three digits: {padded}.',
    format: '{name} is {value}; it must be {expected}.',
  },
  'question-number-repeated': { repeated: 'NUMQUESTION {number} was used today for TYPE {types}.' },
  'card-refused': {
    luhn: 'Refused because the Luhn digit of PORTEUR is wrong.',
    expired: 'Refused because DATEVAL is {dateval} (MMYY), and today is {today}.',
    cvvRequired: 'Refused because the account requires a CVV (cvvRequired).',
    bin: 'Refused because the account does not accept cards with these first digits (acceptedBins).',
    country: 'Refused because the account does not accept cards of this country (acceptedCountries).',
    ceiling: 'Refused because MONTANT is above the ceiling of the account (ceiling).',
    oneCardADay: 'Refused because the account accepts a card once a day (oneCardADay).',
  },
  'subscriber-refused': {
    known: 'The subscriber {subscriber} is registered already.',
    unknown: 'The account has no subscriber {subscriber}.',
  },
  'token-refused': {
    hostedPage: 'PORTEUR is the token as the hosted page hands it out, with the expiry date behind it.',
    noToken: 'PORTEUR is the token of another card, or not a token.',
    ownCard: 'PORTEUR is the card number of the subscriber, and not the token.',
    otherCard: 'PORTEUR is another card number, and not the token.',
  },
  'three-d-secure-refused': {
    uuid: 'DSTRANSID or ACSTRANSID is not a UUID.',
    status: '3DSTATUS is N: the cardholder was not authenticated.',
    eci: '3DECI is 00: the cardholder was not authenticated.',
    unknown: 'The account knows no ID3D {id3d}.',
    failed: 'The cardholder of ID3D {id3d} was not authenticated.',
    ended: 'The authentication of ID3D {id3d} ended with {outcome}.',
    pending: 'The authentication of ID3D {id3d} has not ended.',
    otherSite: 'ID3D {id3d} was given to SITE {site}.',
    expired: 'ID3D {id3d} has expired: it was given {minutes} minutes ago (id3dLife).',
    used: 'ID3D {id3d} was already used by payment {payment} (id3dReuse).',
    none: 'Account {account} demands 3-D Secure, and the question has no ID3D and no 3-D Secure results.',
    enrolled: 'The card is enrolled, and 3DSTATUS is neither Y nor A.',
  },
  'authentication-refused': {
    empty: 'The request to RemoteMPI has no variables.',
    tooLarge: 'The request to RemoteMPI is larger than 64 KiB.',
    spelled: '{name} is missing. {sent} was sent: names are case-sensitive.',
    missing: '{name} is missing.',
    tooLong: '{name} has {length} characters, at most {max} are allowed.',
    tooShort: '{name} has {length} characters, at least {min} are needed.',
    quantity: 'TotalQuantity is 0. It is the number of articles, 1 to 99.',
    notDigits: '{name} is not made of digits.',
    minorUnits: 'Amount is {value}. It is in minor units, without a separator: 1000 for 10.00 EUR.',
    zero: 'Amount is 0.',
    currency: 'Currency is {value}, which is not the numeric code of an ISO 4217 currency (978 for the euro).',
    country: 'CountryCode is {value}. It is the numeric code of ISO 3166: 250 for France.',
    card: 'CCNumber is not a card number.',
    expiry: 'CCExpDate is {value}. It is MMYY, a month that is not over.',
    cvv: 'CVVCode does not have the length of the card’s CVV.',
    address: '{name} is not an address that begins with http:// or https://.',
    merchant: 'No account has the IDENTIFIANT {value}.',
    off: 'Account {account} has no 3-D Secure (threeDSecure: off).',
    session: 'IdSession {session} was already used, for ID3D {id3d}.',
  },
  'authentication-differs': {
    amount: 'The cardholder was authenticated for {known}, and the payment is of {sent}.',
    card: 'The cardholder was authenticated with card {known}, and the payment has another card.',
  },
  'checkout-refused': {
    empty: 'The request to the hosted page has no PBX_ variable.',
    tooLarge: 'The request to the hosted page is larger than 64 KiB.',
    missing: '{name} is missing.',
    spelled: '{name} is missing. {sent} was sent: names are upper case.',
    tooLong: '{name} has {length} characters, at most {max} are allowed.',
    tooShort: '{name} has {length} characters, at least {min} are needed.',
    notDigits: '{name} is not made of digits.',
    minorUnits: 'PBX_TOTAL is {value}. It is in minor units, without a separator: 1000 for 10.00 EUR.',
    currency: 'PBX_DEVISE is {value}, which is not the numeric code of an ISO 4217 currency (978 for the euro).',
    returnFields: 'PBX_RETOUR has {part}, which is not name:letter.',
    account: 'There is no account with PBX_SITE {site} and PBX_RANG {rang}.',
    identifiant: 'PBX_IDENTIFIANT is {sent}, but account {account} has IDENTIFIANT {known}.',
    date: '{name} is {value}, which is not a date dd/mm/yyyy.',
    token: 'The account has no subscriber with this PBX_TOKEN.',
    wholeToken:
      'PBX_TOKEN has all of the value that came back as U. Its first part is the token. The second is PBX_DATEVAL, with month and year exchanged.',
    amount: '{name} is missing or 0, but {date} has a date.',
    alreadyPaid: 'The order {reference} was already paid on the hosted page: {payment}.',
    subscriberExists:
      'PBX_REFABONNE names a subscriber that exists. A card is registered under a new one; PBX_TOKEN pays with a known card.',
    unsubscribeAccount: 'There is no account with this SITE, MACH (the RANG) and IDENTIFIANT.',
    unwritten: 'The simulator could not read or write its state. Its output says why.',
    noSubscription: 'The account has no subscription with this ABONNEMENT or REFERENCE that was not ended.',
  },
  'checkout-doubtful': {
    time: 'PBX_TIME is {value}, which is not an ISO 8601 time.',
    old: 'PBX_TIME is {value}, {minutes} minutes away from the clock of the gateway.',
    noSignature: 'PBX_RETOUR asks for no signature (K): the shop cannot know who called it.',
    signatureNotLast: 'K is not the last field of PBX_RETOUR.',
    used: 'PBX_CMD {reference} was already used for a payment: {payment}.',
    cart: 'PBX_SHOPPINGCART is not <shoppingcart><total><totalQuantity>1</totalQuantity></total></shoppingcart> with 1 to 99.',
    noCart: '{name} is missing: 3-D Secure 2 needs it.',
    billing: 'PBX_BILLING has no {element} that is valid.',
    address: '{name} is not an address that begins with http:// or https://. It is not used.',
    email: 'PBX_PORTEUR is not an e-mail address.',
    value: '{name} is {value}, which has no effect: it can be {expected}.',
    subscription:
      'PBX_CMD has a subscription that cannot be read as it stands: the order begins with its reference, then PBX_2MONT (10 digits), PBX_NBPAIE (2), PBX_FREQ (2, 01 or more), PBX_QUAND (2, at most 31), PBX_DELAIS (3).',
    afterHmac: 'Variables follow PBX_HMAC: {names}. They must be signed, and PBX_HMAC must be the last one.',
    notSent: 'Variables without PBX_ were sent: {names}.',
    unknownNames: 'Variables that the hosted page does not know were sent: {names}. They are signed, and have no effect here.',
    similarName: '{sent} is not a variable of the hosted page. {name} is.',
    repeatedField: 'PBX_RETOUR uses the name {name} more than once: most languages keep only the last value.',
    masked: '{name} has a number like that of a card. It is masked, and comes back changed.',
    unsubscribeForm: 'VERSION and TYPE must be 001.',
    zero: '{name} is 0.',
    past: '{name} is {value}, which is over: the payment is taken at once.',
    noTime: 'PBX_DISPLAY is {value}: the page is over before the customer can pay.',
  },
  'result-undelivered': {
    noAddress: 'The shop gave no URLRetour, and the account has none: the browser stays on the gateway’s page.',
    ownHost: '{address} is a host of the gateway. The simulator does not call it.',
    otherHost: '{address} is not in notificationHosts. The simulator does not call it.',
    noUrl: 'The address of the shop is not a URL.',
    credentials: 'The address of {address} has a user name or a password. The simulator does not call such an address.',
    unreachable: '{address} could not be reached: {reason}.',
    late: '{address} did not answer within {seconds} seconds.',
    redirect: '{address} answered with a redirect (status {status}), which is not followed.',
    status: '{address} answered with status {status}.',
  },
  'state-refused': {
    noTransaction: 'The account has no transaction with {numbers}.',
    state: '{operation} of {amount}: the payment is {state}.',
  },
  'outcome-forced': { forced: 'Answered {code} because of {cause}.' },
  'fault-staged': {
    fault: 'Rule {rule}: {fault}.',
    again: 'The gateway processed the question a second time.',
  },
  'error-code-test-unknown': { unknown: 'ERRORCODETEST is not one to five digits or letters and was ignored.' },
  'born-elsewhere': { elsewhere: 'Paybox System took {payment}.' },
} as const;

/**
 * Texts inside of messages. A placeholder with the name of a group holds one of its texts, or several: {@link TEXT_SEPARATORS}. Any
 * other value comes from the request or the gateway and is the same in every language.
 */
export const MESSAGE_TEXTS = {
  missing: { both: 'VERSION and no TYPE' },
  mistakes: {
    html: 'They begin with "amp;": the body was escaped for HTML; separate the variables by & alone',
    bom: 'The body begins with a byte order mark (BOM); send it without',
    hostedPage: 'PBX_ variables are those of the hosted page, Paybox System',
    sha1: 'SHA1 is written SHA-1',
  },
  names: { more: '{names} and {count} more', noName: '(not a name)' },
  mediaType: { missing: 'missing', none: 'of {length} characters, which are not a media type' },
  reason: {
    path: 'it is not a path of the gateway',
    method: 'the gateway does not accept this method',
    session: 'the name of the session is missing, the nearest path is /s/NAME/PPPS.php',
  },
  hmacMistake: {
    encoded: 'it was computed over the percent-encoded values',
    plus: 'a + was signed as + and sent unencoded, which is a space; percent-encode the values that are sent',
    latin1: 'the values were signed in ISO-8859-1 and sent in UTF-8; use one charset for both',
    utf8: 'the values were signed in UTF-8 and sent in ISO-8859-1; use one charset for both',
    key: 'the key was used as text; decode it from hex to bytes',
    sorted: 'the variables were signed in alphabetical order; sign them in the order sent',
    hash: 'HASH was left out of the signed message',
    empty: 'variables with an empty value were left out of the signed message',
    added: 'variables after HMAC were added after signing; HMAC must be the last variable, or they must be signed too',
  },
  payment: {
    named: 'payment {id} ({amount}, REFERENCE {reference})',
    unnamed: 'payment {id} ({amount})',
  },
  expected: {
    length: 'at most {max} characters',
    digits: 'digits only',
    number: '1 to 10 digits, from 1 to {max}',
    date: 'DDMMYYYY or DDMMYYYYHHMMSS, a date of the calendar if the account has the variant dateq: calendar',
    currency: 'the numeric code of an ISO 4217 currency, 978 for the euro',
    amount: '1 to 10 digits above zero, in minor units: 1000 for 10.00 EUR',
    oneOf: 'one of {values}',
  },
  numbers: { both: '{first} and {second}' },
  state: {
    authorized: 'authorized for {amount}',
    expired: 'authorized, but the authorization has expired',
    remitted: 'captured for {captured}, of which {refundable} can be refunded, and remitted',
    captured: 'captured for {captured}, of which {refundable} can be refunded',
    cancelled: 'cancelled',
    refunded: 'fully refunded ({refunded})',
    credited: 'a credit',
    refused: 'refused',
  },
  cause: {
    test: 'ERRORCODETEST={code}',
    rule: 'rule {rule}',
    account: 'the setting answer of account {account}',
    card: 'a magic card',
    paymentCard: "a magic card in the payment's first operation",
    subscriberCard: "a magic card in the subscriber's registration",
    softDecline: 'a magic card whose bank wants an authentication',
    amount: 'a magic amount',
  },
  fault: {
    unprocessed: 'not processed',
    twice: 'processed twice',
    delayed: 'delayed',
    clock: 'clock: {clock}',
    held: 'held for {questions} further questions',
    http: 'HTTP {status}',
    echo: 'wrong {variables}',
    slow: 'byte by byte',
    drop: 'reply: drop',
    never: 'reply: never',
    half: 'reply: half',
    empty: 'reply: empty',
    garbage: 'reply: garbage',
    'utf-8': 'reply: utf-8',
    swap: 'reply: swap',
  },
} as const;

/** What separates the texts of a group of which a placeholder may hold several. */
export const TEXT_SEPARATORS = {
  mistakes: '. ',
  names: ', ',
  fault: ', ',
} as const satisfies Partial<Record<keyof typeof MESSAGE_TEXTS, string>>;

/** The names of the placeholders of a template. */
type PlaceholderOf<Template> = Template extends `${string}{${infer Name}}${infer Rest}` ? Name | PlaceholderOf<Rest> : never;

/** The values of a template, if it has placeholders. */
export type TemplateValues<Template> = [PlaceholderOf<Template>] extends [never]
  ? readonly []
  : readonly [values: { readonly [Name in PlaceholderOf<Template>]: string | number }];

type Texts = typeof MESSAGE_TEXTS;

/** Puts values in the place of the placeholders of a template. */
export function fillTemplate(template: string, values: Readonly<Record<string, string | number>> = {}): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** Returns a text of {@link MESSAGE_TEXTS}, for a placeholder with the name of its group. */
export function messageText<Group extends keyof Texts, Id extends keyof Texts[Group]>(
  group: Group,
  id: Id,
  ...[values]: TemplateValues<Texts[Group][Id]>
): string {
  return fillTemplate(MESSAGE_TEXTS[group][id] as string, values);
}
