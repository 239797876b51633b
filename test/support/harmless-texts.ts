import type { Random } from '../endurance/random.js';

const digits = (random: Random, count: number): string => Array.from({ length: count }, () => random.below(10)).join('');
const hex = (random: Random, count: number): string => Array.from({ length: count }, () => random.below(16).toString(16)).join('');
const letters = (random: Random, count: number): string =>
  Array.from({ length: count }, () => String.fromCharCode(65 + random.below(26))).join('');
const time = (random: Random): Date =>
  new Date(Date.UTC(2024 + random.below(4), random.below(12), 1 + random.below(28)) + random.below(86_400_000));
const two = (number: number): string => String(number).padStart(2, '0');
const day = (at: Date): string => at.toISOString().slice(0, 10).replaceAll('-', '');

/** Makes a valid IBAN. */
function iban(country: string, account: string): string {
  const number = Array.from(`${account}${country}00`, (character) => Number.parseInt(character, 36)).join('');
  return `${country}${two(98 - Number(BigInt(number) % 97n))}${account}`;
}

const groupsOf = (text: string, size: number): string => text.match(new RegExp(`.{1,${size}}`, 'g'))?.join(' ') ?? text;

/** Texts that merchants write and that are no secrets, by kind. */
export const HARMLESS_TEXTS: Readonly<Record<string, (random: Random) => string>> = {
  'order number': (random) => `ORDER-${digits(random, random.between(1, 8))}`,
  'order number of a year': (random) => `CMD-2026-${digits(random, 6)}`,
  'order number of a day': (random) => `${day(time(random))}-${digits(random, random.between(3, 5))}`,
  'order number of letters and digits': (random) => `WEB-${letters(random, 3)}${digits(random, 5)}-${random.below(99)}`,
  'order and attempt': (random) => `${digits(random, 9)}-${random.between(1, 9)}`,
  'orders and lines': (random) => `order ${digits(random, 6)}, lines 1/2/3, ${random.between(1, 20)} pieces, 12.50 EUR`,
  'time in seconds': (random) => String(Math.floor(time(random).getTime() / 1000)),
  'time in milliseconds': (random) => String(time(random).getTime()),
  'time in milliseconds and a number': (random) => `${time(random).getTime()}-${random.below(100)}`,
  timestamp: (random) => time(random).toISOString().replace(/\D/g, '').slice(0, 14),
  'timestamp with milliseconds': (random) => time(random).toISOString().replace(/\D/g, ''),
  'ISO time': (random) => time(random).toISOString(),
  'ISO time with a space': (random) => time(random).toISOString().replace('T', ' ').replace('Z', '+02:00'),
  'French time': (random) => time(random).toLocaleString('fr-FR', { timeZone: 'Europe/Paris' }),
  DATEQ: (random) =>
    `${two(random.between(1, 28))}${two(random.between(1, 12))}2026${two(random.below(24))}${two(random.below(60))}${two(random.below(60))}`,
  UUID: (random) =>
    `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-${random.pick([...'89ab'])}${hex(random, 3)}-${hex(random, 12)}`,
  'reference with a UUID': (random) => `cart-${HARMLESS_TEXTS.UUID?.(random)}`,
  hash: (random) => hex(random, 40),
  ULID: (random) => `01${letters(random, 4)}${digits(random, 2)}${letters(random, 10)}${digits(random, 3)}${letters(random, 5)}`,
  'French phone number': (random) => `0${random.between(1, 9)} ${groupsOf(digits(random, 8), 2)}`,
  'international French phone number': (random) => `+33 ${random.between(1, 9)} ${groupsOf(digits(random, 8), 2)}`,
  'phone number with 00': (random) => `0033${random.between(1, 9)}${digits(random, 8)}`,
  'British phone number': (random) => `+44 20 ${digits(random, 4)} ${digits(random, 4)}`,
  'German phone number': (random) => `+49 ${random.pick(['151', '171', '30', '89'])} ${digits(random, 7)}`,
  'American phone number': (random) => `+1 (${digits(random, 3)}) ${digits(random, 3)}-${digits(random, 4)}`,
  'French IBAN': (random) => groupsOf(iban('FR', digits(random, 23)), 4),
  'German IBAN': (random) => iban('DE', digits(random, 18)),
  'Belgian IBAN': (random) => groupsOf(iban('BE', digits(random, 12)), 4),
  'Spanish IBAN in a sentence': (random) => `Virement sur ${groupsOf(iban('ES', digits(random, 20)), 4)}.`,
  'British IBAN': (random) => groupsOf(iban('GB', `NWBK${digits(random, 14)}`), 4),
  amounts: (random) => `${digits(random, 1)} ${digits(random, 3)},${digits(random, 2)} EUR, TVA 20,00`,
  'tracking number': (random) => `${random.between(5, 9)}${letters(random, 1)}${digits(random, 11)}`,
  'parcel of UPS': (random) => `1Z${letters(random, 3)}${digits(random, 3)}${letters(random, 2)}${digits(random, 8)}`,
  'parcel of the post': (random) => `${letters(random, 2)}${digits(random, 9)}FR`,
  'VAT number': (random) => `FR${digits(random, 11)}`,
  SIREN: (random) => groupsOf(digits(random, 9), 3),
  'EAN of France': (random) => `3${random.pick(['0', '3', '4', '7'])}${digits(random, 11)}`,
  ISBN: (random) => `978-2-${digits(random, 4)}-${digits(random, 4)}-${random.below(10)}`,
  address: (random) => `${random.between(1, 200)} rue de la Paix, 750${two(random.between(1, 20))} Paris`,
  'IP address': (random) => `192.168.${random.below(256)}.${random.below(256)}:${random.between(1024, 65_535)}`,
  'years in a list': (random) => Array.from({ length: 4 }, () => random.between(2018, 2035)).join(', '),
  'amounts in a list': (random) => Array.from({ length: 4 }, () => random.between(1000, 9999)).join(';'),
  'times of a day': (random) => `${two(random.below(24))}:${two(random.below(60))} - ${two(random.below(24))}:${two(random.below(60))}, CB`,
  'key of a record': (random) => `record ${random.below(1000)}, key ${digits(random, 4)}, clé en main ${digits(random, 3)}`,
  version: (random) => `prestashop/8.${random.below(3)}.${random.below(10)} php/8.${random.below(4)}.${random.below(30)}`,
  sentence: (random) =>
    `Abonnement de ${random.pick(['Anne', 'Bob'])}, échéance ${random.between(1, 12)}/12, article: ${digits(random, 5)}`,
};
