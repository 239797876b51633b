import { describe, expect, onTestFinished, test } from 'vitest';
import { DEFAULT_VARIANTS, VARIANTS, type VariantName, type Variants } from '../../contracts/index.js';
import { type Payment, paymentState } from '../../simulator/index.js';
import { authenticate } from '../support/cardholder.js';
import { CARD, numbersOf, type Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { follow, inquire, lastFindings, onSubscriber, order, register } from './orders.js';

/** What is observed, by the value of the variant. */
interface Observation<Name extends VariantName> {
  readonly what: string;
  readonly observe: (bench: TestSimulator) => Promise<unknown>;
  readonly expected: Readonly<Record<Variants[Name], unknown>>;
}

/** Which numbers of a reply are those of an earlier one. */
const relation = (earlier: Variables, reply: Variables) => ({
  CODEREPONSE: reply.CODEREPONSE,
  NUMTRANS: reply.NUMTRANS === earlier.NUMTRANS ? 'same' : 'new',
  NUMAPPEL: reply.NUMAPPEL === earlier.NUMAPPEL ? 'same' : 'new',
});

const RELATIONS = {
  kept: { CODEREPONSE: '00000', NUMTRANS: 'same', NUMAPPEL: 'same' },
  newTransaction: { CODEREPONSE: '00000', NUMTRANS: 'new', NUMAPPEL: 'same' },
  new: { CODEREPONSE: '00000', NUMTRANS: 'new', NUMAPPEL: 'new' },
} as const;

const authorize = (bench: TestSimulator) => order(bench, { TYPE: '00001' });

const codeOf = async (reply: Promise<Variables>) => (await reply).CODEREPONSE;

const paymentOf = async (bench: TestSimulator, { NUMTRANS }: Variables) => (await bench.control('GET', `/payments/${NUMTRANS}`)).body;

/** A registration that lacks REFABONNE: empty, or absent. */
const withoutSubscriber = (bench: TestSimulator, isAbsent: boolean): Promise<Variables> => {
  const { REFABONNE: _, ...rest } = onSubscriber({ PORTEUR: 'SLDLrcsLMPC' });
  return bench.ask({ TYPE: '00053', NUMQUESTION: '77', ...rest, ...(!isAbsent && { REFABONNE: '' }) });
};

const MANDATORY = { NUMQUESTION: '0000000000', COMMENTAIRE: 'Mandatory+values+missing+keyword:10+Type:21', PORTEUR: '', PAYS: undefined };

const CHALLENGE = { PORTEUR: '4000000000001091' };

/** Authenticates a cardholder. Returns a function that pays with the ID3D. */
async function authenticated(bench: TestSimulator, IdSession = 'session-1') {
  const ID3D = await authenticate(bench.simulator, { IdSession });
  return (variables: Variables = {}) => codeOf(order(bench, { ...CHALLENGE, ID3D, ...variables }));
}

const SEEN: { readonly [Name in VariantName]: readonly Observation<Name>[] } = {
  captureNumbers: [
    {
      what: 'the numbers of a capture',
      observe: async (bench) => {
        const authorized = await authorize(bench);
        return relation(authorized, await follow(bench, '00002', authorized, '1000'));
      },
      expected: RELATIONS,
    },
    {
      what: "the numbers of the capture of a subscriber's authorization",
      observe: async (bench) => {
        const registered = await register(bench);
        return relation(registered, await follow(bench, '00052', registered, '1000', { REFABONNE: 'alice' }));
      },
      expected: RELATIONS,
    },
    {
      what: 'that a refund takes the numbers of the capture, and its NUMTRANS with the NUMAPPEL of the authorization',
      observe: async (bench) => {
        const authorized = await authorize(bench);
        const captured = await follow(bench, '00002', authorized, '1000');
        const mixed = { NUMTRANS: captured.NUMTRANS ?? '', NUMAPPEL: authorized.NUMAPPEL ?? '' };
        const codes = [await codeOf(follow(bench, '00014', captured, '400')), await codeOf(follow(bench, '00014', mixed, '600'))];
        return [...codes, (await inquire(bench, captured)).STATUS];
      },
      expected: {
        kept: ['00000', '00000', 'Remboursé'],
        newTransaction: ['00000', '00000', 'Remboursé'],
        new: ['00000', '00000', 'Remboursé'],
      },
    },
  ],
  refundNumbers: [
    {
      what: 'the numbers of a refund',
      observe: async (bench) => {
        const paid = await order(bench);
        return relation(paid, await follow(bench, '00014', paid, '400'));
      },
      expected: RELATIONS,
    },
    {
      what: 'that an inquiry finds the refund by its numbers',
      observe: async (bench) => {
        const refunded = await follow(bench, '00014', await order(bench), '400');
        return relation(refunded, await inquire(bench, refunded));
      },
      expected: { newTransaction: RELATIONS.kept, new: RELATIONS.kept },
    },
  ],
  cancelNumbers: [
    {
      what: 'the numbers of a cancel',
      observe: async (bench) => {
        const paid = await order(bench);
        return relation(paid, await follow(bench, '00005', paid, '1000'));
      },
      expected: RELATIONS,
    },
    {
      what: 'the numbers of a cancel on a subscriber',
      observe: async (bench) => {
        const registered = await register(bench);
        return relation(registered, await follow(bench, '00055', registered, '1000', { REFABONNE: 'alice' }));
      },
      expected: RELATIONS,
    },
    {
      what: 'the STATUS by the numbers of the cancel, and the numbers of the next payment',
      observe: async (bench) => {
        const paid = await order(bench);
        const cancelled = await follow(bench, '00005', paid, '1000');
        return [(await inquire(bench, cancelled)).STATUS, relation(cancelled, await order(bench))];
      },
      expected: { new: ['Annulé', RELATIONS.new], newTransaction: ['Annulé', RELATIONS.new], kept: ['Annulé', RELATIONS.new] },
    },
  ],
  echo: [
    ...(
      [
        ['an accepted payment', {}],
        ['a refusal', { DEVISE: '000' }],
        ['a wrong CLE', { CLE: 'wrong-key' }],
        ['a refusal of the issuer', { MONTANT: '9900105' }],
      ] as const
    ).map(([what, variables]) => ({
      what: `RANG and NUMQUESTION of ${what}`,
      observe: async (bench: TestSimulator) => {
        const { RANG, NUMQUESTION, SITE } = await order(bench, { RANG: '032', NUMQUESTION: '95720', ...variables });
        return { RANG, NUMQUESTION, SITE };
      },
      expected: {
        verbatim: { RANG: '032', NUMQUESTION: '95720', SITE: '1999888' },
        normalised: { RANG: '32', NUMQUESTION: '0000095720', SITE: '1999888' },
      },
    })),
    {
      what: 'RANG and NUMQUESTION of a missing variable',
      observe: async (bench) => {
        const { RANG, NUMQUESTION } = await order(bench, { RANG: '032', NUMQUESTION: '95720', MONTANT: '' });
        return { RANG, NUMQUESTION };
      },
      expected: { verbatim: { RANG: '032', NUMQUESTION: '0000000000' }, normalised: { RANG: '32', NUMQUESTION: '0000000000' } },
    },
  ],
  repeatedQuestion: [
    {
      what: 'the refusal of a repeated question number',
      observe: async (bench) => {
        await order(bench, { NUMQUESTION: '7' });
        const { CODEREPONSE, COMMENTAIRE, NUMTRANS } = await order(bench, { NUMQUESTION: '0000000007' });
        return { CODEREPONSE, COMMENTAIRE, NUMTRANS };
      },
      expected: {
        '00005': { CODEREPONSE: '00005', COMMENTAIRE: 'PAYBOX : Numéro de question invalide', NUMTRANS: '0000000000' },
        '00039': { CODEREPONSE: '00039', COMMENTAIRE: 'PAYBOX : Numéro de question déjà traité', NUMTRANS: '0000000000' },
      },
    },
  ],
  emptyVariable: [
    {
      what: 'a mandatory variable that is empty',
      observe: async (bench) => {
        const { NUMQUESTION, COMMENTAIRE, PORTEUR, PAYS } = await withoutSubscriber(bench, false);
        return { NUMQUESTION, COMMENTAIRE, PORTEUR, PAYS };
      },
      expected: {
        mandatory: MANDATORY,
        // The reply ends after COMMENTAIRE.
        invalid: { NUMQUESTION: '77', COMMENTAIRE: 'Invalid+data', PORTEUR: undefined, PAYS: undefined },
      },
    },
    {
      what: 'a mandatory variable that is absent',
      observe: async (bench) => {
        const { NUMQUESTION, COMMENTAIRE, PORTEUR, PAYS } = await withoutSubscriber(bench, true);
        return { NUMQUESTION, COMMENTAIRE, PORTEUR, PAYS };
      },
      expected: { mandatory: MANDATORY, invalid: MANDATORY },
    },
  ],
  typeIndex: [
    {
      what: 'the number after Type: of 00052 and of 00014',
      observe: async (bench) => {
        const asked = await Promise.all(['00052', '00014'].map((TYPE) => bench.ask({ TYPE, REFABONNE: 'alice' })));
        return asked.map(({ COMMENTAIRE = '' }) => COMMENTAIRE.replace('Mandatory+values+missing+', ''));
      },
      expected: {
        '32': ['keyword:7+Type:20', 'keyword:7+Type:13'],
        '33': ['keyword:7+Type:19', 'keyword:7+Type:13'],
        '34': ['keyword:7+Type:18', 'keyword:7+Type:13'],
      },
    },
  ],
  dateq: [
    {
      what: 'a DATEQ that is not a date, and the finding',
      observe: async (bench) => {
        const { CODEREPONSE } = await order(bench, { DATEQ: '00001781092800' });
        return [CODEREPONSE, await lastFindings(bench)];
      },
      expected: { digits: ['00000', ['date-invalid']], calendar: ['00007', ['variable-malformed']] },
    },
    {
      what: 'a DATEQ of another length',
      observe: (bench) => codeOf(order(bench, { DATEQ: '1006202612' })),
      expected: { digits: '00007', calendar: '00007' },
    },
  ],
  secondCapture: [
    {
      what: 'a second capture, a third one above the rest, and the captured amount',
      observe: async (bench) => {
        const authorized = await authorize(bench);
        const codes: unknown[] = [];
        for (const MONTANT of ['600', '400', '1']) codes.push(await codeOf(follow(bench, '00002', authorized, MONTANT)));
        return [...codes, (await paymentOf(bench, authorized)).captured];
      },
      expected: { '00015': ['00000', '00015', '00015', 600], accepted: ['00000', '00000', '00011', 1000] },
    },
    {
      what: 'a capture after a refund, and a capture of a payment that was captured immediately',
      observe: async (bench) => {
        const authorized = await authorize(bench);
        await follow(bench, '00002', authorized, '600');
        await follow(bench, '00014', authorized, '100');
        return [await codeOf(follow(bench, '00002', authorized, '400')), await codeOf(follow(bench, '00002', await order(bench), '1000'))];
      },
      expected: { '00015': ['00015', '00015'], accepted: ['00015', '00015'] },
    },
  ],
  captureAbove: [
    {
      what: 'a capture above the authorized amount, which changes nothing',
      observe: async (bench) => {
        const authorized = await authorize(bench);
        const code = await codeOf(follow(bench, '00002', authorized, '1001'));
        return [code, (await inquire(bench, authorized)).STATUS, await codeOf(follow(bench, '00002', authorized, '1000'))];
      },
      expected: { '00011': ['00011', 'Autorisé', '00000'], '00015': ['00015', 'Autorisé', '00000'] },
    },
  ],
  refundAbove: [
    {
      what: 'a refund above what is left, which changes nothing',
      observe: async (bench) => {
        const paid = await order(bench);
        await follow(bench, '00014', paid, '400');
        return [await codeOf(follow(bench, '00014', paid, '601')), (await paymentOf(bench, paid)).refundable];
      },
      expected: { '00011': ['00011', 600], '00015': ['00015', 600] },
    },
  ],
  lateCapture: [
    {
      what: 'a capture after the authorization has expired, and the STATUS',
      observe: async (bench) => {
        const authorized = await authorize(bench);
        bench.simulator.clock.advance('P8D');
        return [await codeOf(follow(bench, '00002', authorized, '1000')), (await inquire(bench, authorized)).STATUS];
      },
      expected: { '00015': ['00015', 'Autorisé'], accepted: ['00000', 'Capturé'] },
    },
    {
      what: 'another operation after the authorization has expired',
      observe: async (bench) => {
        const authorized = await authorize(bench);
        bench.simulator.clock.advance('P8D');
        return [await codeOf(follow(bench, '00005', authorized, '1000')), await codeOf(follow(bench, '00013', authorized, '500'))];
      },
      expected: { '00015': ['00015', '00015'], accepted: ['00015', '00015'] },
    },
  ],
  cancelAfterRemittance: [
    {
      what: 'a cancel after the remittance, and the STATUS and the refunded amount',
      observe: async (bench) => {
        const paid = await order(bench);
        bench.simulator.clock.remit();
        const code = await codeOf(follow(bench, '00005', paid, '1000'));
        return [code, (await inquire(bench, paid)).STATUS, (await paymentOf(bench, paid)).refunded];
      },
      expected: { '00015': ['00015', 'Capturé', 0], accepted: ['00000', 'Remboursé', 1000] },
    },
    {
      what: 'a cancel of a part after the remittance',
      observe: async (bench) => {
        const paid = await order(bench);
        bench.simulator.clock.remit();
        return codeOf(follow(bench, '00005', paid, '400'));
      },
      expected: { '00015': '00015', accepted: '00011' },
    },
  ],
  refundStatus: [
    {
      what: "the STATUS by the NUMTRANS of a partial refund, and by the payment's",
      observe: async (bench) => {
        const paid = await order(bench);
        const refunded = await follow(bench, '00014', paid, '400');
        return [(await inquire(bench, refunded)).STATUS, (await inquire(bench, paid)).STATUS];
      },
      expected: { refund: ['Remboursé', 'Capturé'], payment: ['Capturé', 'Capturé'] },
    },
  ],
  authorizationInRefusal: [
    {
      what: 'AUTORISATION of refusals by the gateway, by the issuer, for a missing variable and for access',
      observe: async (bench) => {
        const refusals = [{ DEVISE: '000' }, { MONTANT: '9900105' }, { MONTANT: '' }, { CLE: 'wrong-key' }];
        const replies = await Promise.all(refusals.map((variables) => order(bench, variables)));
        return replies.map(({ CODEREPONSE, AUTORISATION }) => [CODEREPONSE, AUTORISATION]);
      },
      expected: {
        empty: [
          ['00010', ''],
          ['00105', ''],
          ['00014', ''],
          ['00006', '000000'],
        ],
        zeros: [
          ['00010', '000000'],
          ['00105', '000000'],
          ['00014', '000000'],
          ['00006', '000000'],
        ],
      },
    },
    {
      what: 'AUTORISATION of an inquiry about a payment that the issuer refused',
      observe: async (bench) => (await inquire(bench, await order(bench, { MONTANT: '9900105' }))).AUTORISATION,
      expected: { empty: '', zeros: '000000' },
    },
  ],
  id3dLife: [
    {
      what: 'payments with an ID3D that is 14, 15 and 60 minutes old',
      observe: async (bench) => {
        const codes: unknown[] = [];
        for (const age of ['PT14M', 'PT15M', 'PT1H']) {
          const pay = await authenticated(bench, `session-${age}`);
          bench.simulator.clock.advance(age);
          codes.push(await pay());
        }
        return codes;
      },
      expected: { PT15M: ['00000', '00041', '00041'], unlimited: ['00000', '00000', '00000'] },
    },
  ],
  id3dReuse: [
    {
      what: 'two payments with one ID3D, and one after a refusal of the bank',
      observe: async (bench) => {
        const pay = await authenticated(bench);
        return [await pay({ ERRORCODETEST: '00151' }), await pay(), await pay({ REFERENCE: 'order-2' })];
      },
      expected: { once: ['00151', '00000', '00041'], unlimited: ['00151', '00000', '00000'] },
    },
  ],
  id3dMismatch: [
    {
      what: 'a payment of another amount, currency and card than the authenticated ones, and the finding',
      observe: async (bench) => {
        const seen: unknown[] = [];
        for (const other of [{ MONTANT: '1001' }, { DEVISE: '840' }, { PORTEUR: '1111222233334444' }]) {
          const pay = await authenticated(bench, `session-${Object.keys(other)}`);
          seen.push(await pay(other), (await lastFindings(bench)).includes('authentication-differs'));
        }
        return seen;
      },
      expected: {
        accepted: ['00000', true, '00000', true, '00000', true],
        '00040': ['00040', true, '00040', true, '00040', true],
      },
    },
  ],
};

const benchWith = (variants: object): TestSimulator => openTestSimulator({ accounts: [{ SITE: '1999888', RANG: '32', variants }] });

describe.each(VARIANTS.map(({ name, values }) => ({ name, values })))('the variant $name', ({ name, values }) => {
  const observations = SEEN[name] as readonly Observation<VariantName>[];
  const expectedOf = ({ expected }: Observation<VariantName>, value: string) => (expected as Record<string, unknown>)[value];
  const cases = observations.flatMap((seen) => values.map(({ value }) => ({ value, what: seen.what, seen })));

  test.each(cases)('$value: $what', async ({ value, seen }) => {
    expect(await seen.observe(benchWith({ [name]: value }))).toEqual(expectedOf(seen, value));
  });

  test.each(observations)('is by default the first value: $what', async (seen) => {
    expect(await seen.observe(openTestSimulator())).toEqual(expectedOf(seen, DEFAULT_VARIANTS[name]));
    expect(DEFAULT_VARIANTS[name]).toBe(values[0].value);
  });

  test('makes a difference', () => {
    const differing = observations.filter((seen) => new Set(values.map(({ value }) => JSON.stringify(expectedOf(seen, value)))).size > 1);
    expect(differing).not.toEqual([]);
  });
});

test('the default variants are those of the protocol sheet', () => {
  expect(DEFAULT_VARIANTS).toEqual({
    captureNumbers: 'kept',
    refundNumbers: 'newTransaction',
    cancelNumbers: 'new',
    echo: 'verbatim',
    repeatedQuestion: '00005',
    emptyVariable: 'mandatory',
    typeIndex: '32',
    dateq: 'digits',
    secondCapture: '00015',
    captureAbove: '00011',
    refundAbove: '00011',
    lateCapture: '00015',
    cancelAfterRemittance: '00015',
    refundStatus: 'refund',
    authorizationInRefusal: 'empty',
    id3dLife: 'PT15M',
    id3dReuse: 'once',
    id3dMismatch: 'accepted',
  });
});

test('a cancel after the remittance has the finding only if it is refused', async () => {
  for (const [cancelAfterRemittance, findings] of [
    ['00015', ['cancel-after-remittance']],
    ['accepted', []],
  ] as const) {
    const bench = benchWith({ cancelAfterRemittance });
    const paid = await order(bench);
    bench.simulator.clock.remit();
    await follow(bench, '00005', paid, '1000', { DATEQ: '11062026' });
    expect(await lastFindings(bench)).toEqual(findings);
  }
});

describe('the variants of an account', () => {
  test('apply to no other account', async () => {
    const bench = benchWith({ echo: 'normalised' });
    expect((await order(bench, { RANG: '032' })).RANG).toBe('32');
    expect((await order(bench, { RANG: '099' })).RANG).toBe('099');
  });

  test('change one by one through the control API, and the others stay', async () => {
    const bench = benchWith({ echo: 'normalised' });
    const { status, body } = await bench.control('PUT', '/accounts/1999888/32', { variants: { repeatedQuestion: '00039' } });
    expect(status).toBe(200);
    expect(body.variants).toEqual({ ...DEFAULT_VARIANTS, echo: 'normalised', repeatedQuestion: '00039' });
    await bench.control('PUT', '/accounts/1999888/32', { ceiling: 5000 });
    await order(bench, { NUMQUESTION: '7' });
    expect(await order(bench, { NUMQUESTION: '7', RANG: '032' })).toMatchObject({
      ...{ CODEREPONSE: '00039', RANG: '32', NUMQUESTION: '0000000007' },
    });
    const { body: reset } = await bench.control('PUT', '/accounts/1999888/32', { variants: { echo: 'verbatim' } });
    expect(reset.variants).toEqual({ ...DEFAULT_VARIANTS, repeatedQuestion: '00039' });
  });

  test.each<readonly [variants: object, where: string]>([
    [{ echo: 'loud' }, 'variants/echo'],
    [{ unheard: 'of' }, 'variants/unheard'],
    [{ typeIndex: '35' }, 'variants/typeIndex'],
  ])('%j are refused with the place of the problem', async (variants, where) => {
    const bench = openTestSimulator();
    const { status, body } = await bench.control('PUT', '/accounts/1999888/32', { variants });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(where);
    expect(bench.simulator.gateway.account('1999888', '32')?.variants).toEqual(DEFAULT_VARIANTS);
  });

  test('let a capture and a refund use the numbers of all replies in every combination', async () => {
    for (const captureNumbers of ['kept', 'newTransaction', 'new']) {
      for (const refundNumbers of ['newTransaction', 'new']) {
        const bench = benchWith({ captureNumbers, refundNumbers });
        const authorized = await authorize(bench);
        const captured = await follow(bench, '00002', authorized, '1000');
        const refunded = await follow(bench, '00014', captured, '100');
        const replies = [authorized, captured, refunded];
        for (const { NUMTRANS = '' } of replies)
          for (const { NUMAPPEL = '' } of replies) {
            const named = await follow(bench, '00014', { NUMTRANS, NUMAPPEL }, '10');
            expect(named.CODEREPONSE, JSON.stringify({ captureNumbers, refundNumbers, NUMTRANS, NUMAPPEL })).toBe('00000');
          }
        expect((await paymentOf(bench, authorized)).refunded).toBe(190);
        expect(await inquire(bench, captured)).toMatchObject({ STATUS: 'Capturé', ...numbersOf(captured) });
      }
    }
  });
});

const PAYMENT_OF = { MONTANT: '1000', DEVISE: '978' } as const;

async function authorizeThen(variants: Partial<Variants>, ...captures: readonly (readonly [wait: string, amount: string])[]) {
  const { simulator, ask } = openTestSimulator({ accounts: [{ SITE: '1999888', RANG: '32', variants }] });
  onTestFinished(() => simulator.close());
  const numbers = numbersOf(await ask({ ...CARD, ...PAYMENT_OF, TYPE: '00001', REFERENCE: 'ORDER-1' }));
  const codes: string[] = [];
  for (const [wait, MONTANT] of captures) {
    simulator.clock.advance(wait);
    codes.push((await ask({ TYPE: '00002', MONTANT, DEVISE: '978', ...numbers })).CODEREPONSE ?? '');
  }
  return { codes, numbers, ask, simulator };
}

test('a second capture after the authorization has expired is a late capture', async () => {
  const late = [
    ['PT1S', '400'],
    ['P30D', '600'],
  ] as const;
  expect((await authorizeThen({ secondCapture: 'accepted' }, ...late)).codes).toEqual(['00000', '00015']);
  expect((await authorizeThen({ secondCapture: 'accepted', lateCapture: 'accepted' }, ...late)).codes).toEqual(['00000', '00000']);
});

test('a payment of which one capture was remitted cannot be cancelled', async () => {
  const { codes, numbers, ask } = await authorizeThen({ secondCapture: 'accepted' }, ['PT1S', '400'], ['P1D', '600']);
  expect(codes).toEqual(['00000', '00000']);
  expect((await ask({ TYPE: '00005', ...PAYMENT_OF, ...numbers })).CODEREPONSE).toBe('00015');
});

test('the variants of a known account apply to a frame that is refused before it is authenticated', async () => {
  const { simulator, ask } = openTestSimulator({
    accounts: [{ SITE: '1999888', RANG: '32', variants: { echo: 'normalised', authorizationInRefusal: 'zeros' } }],
  });
  onTestFinished(() => simulator.close());
  const reply = await ask({ TYPE: '99', RANG: '032', NUMQUESTION: '424540234' });
  expect(reply).toMatchObject({ CODEREPONSE: '00009', NUMQUESTION: '0424540234', RANG: '32', AUTORISATION: '000000' });
});

test('a refund of a capture that is not remitted yet does not make the remitted amount negative', async () => {
  const { numbers, ask, simulator } = await authorizeThen({ secondCapture: 'accepted' }, ['PT1S', '400']);
  await ask({ TYPE: '00002', MONTANT: '600', DEVISE: '978', DIFFERE: '5', ...numbers });
  await ask({ TYPE: '00014', ...PAYMENT_OF, ...numbers });
  const payment = (await simulator.gateway.payment(numbers.NUMTRANS ?? '')) as Payment;
  expect(paymentState(payment, Date.parse('2026-06-12T12:00Z')).remitted).toBe(0);
});
