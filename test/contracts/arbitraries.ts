import fc from 'fast-check';

/** Any character of ISO-8859-1. */
export const latin1Character = fc.integer({ min: 0, max: 0xff }).map((byte) => String.fromCharCode(byte));

/** Any text of ISO-8859-1, one character per byte. */
export const latin1 = fc.string({ unit: latin1Character });

/** Any Unicode text without lone surrogates. */
export const unicode = fc.string({
  unit: fc
    .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
    .map((point) => String.fromCodePoint(point)),
});

/** A string of digits. Default of `maxLength`: `minLength`. */
export const digits = (minLength: number, maxLength = minLength): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
