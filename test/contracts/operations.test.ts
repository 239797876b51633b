import { describe, expect, test } from 'vitest';
import {
  DEFAULT_VARIANTS,
  MANDATORY_ORDER,
  mandatoryTypeNumber,
  needsDirectPlus,
  OPERATIONS,
  type Operation,
  operationNamed,
  operationOf,
  VARIABLE_BY_NAME,
} from '../../contracts/index.js';

const ALL: readonly Operation[] = OPERATIONS;

// TYPE, its mandatory variables, its number in `Mandatory values missing`. See docs/protocol.md#section-3.
const SHEET = [
  ['00001', 'MONTANT DEVISE REFERENCE PORTEUR DATEVAL', 0],
  ['00002', 'MONTANT DEVISE NUMAPPEL NUMTRANS', 1],
  ['00003', 'MONTANT DEVISE REFERENCE PORTEUR DATEVAL', 2],
  ['00004', 'MONTANT DEVISE REFERENCE PORTEUR DATEVAL', 3],
  ['00005', 'MONTANT DEVISE NUMAPPEL NUMTRANS', 4],
  ['00011', 'MONTANT DEVISE REFERENCE', 10],
  ['00012', 'MONTANT DEVISE REFERENCE PORTEUR DATEVAL', 11],
  ['00013', 'MONTANT DEVISE NUMAPPEL NUMTRANS', 12],
  ['00014', 'MONTANT DEVISE NUMAPPEL NUMTRANS', 13],
  ['00017', 'NUMTRANS', 16],
  ['00051', 'MONTANT DEVISE REFERENCE REFABONNE PORTEUR DATEVAL', 19],
  ['00052', 'MONTANT DEVISE NUMAPPEL NUMTRANS REFABONNE', 20],
  ['00053', 'MONTANT DEVISE REFERENCE REFABONNE PORTEUR DATEVAL', 21],
  ['00054', 'MONTANT DEVISE REFERENCE REFABONNE PORTEUR DATEVAL', 22],
  ['00055', 'MONTANT DEVISE NUMAPPEL NUMTRANS REFABONNE', 23],
  ['00056', 'MONTANT DEVISE REFABONNE PORTEUR DATEVAL', 24],
  ['00057', 'MONTANT DEVISE REFABONNE PORTEUR DATEVAL', 25],
  ['00058', 'REFABONNE', 26],
  ['00061', 'MONTANT DEVISE REFERENCE REFABONNE PORTEUR DATEVAL', 29],
] as const;

const operation = (type: string): Operation => {
  const found = operationOf(type);
  if (!found) throw new Error(`There is no operation of TYPE ${type}.`);
  return found;
};

test('the gateway has the operations of the protocol sheet and no others', () => {
  expect(OPERATIONS.map(({ TYPE }) => TYPE)).toEqual(SHEET.map(([type]) => type));
});

describe.each(SHEET)('TYPE %s', (type, takes, mandatoryNumber) => {
  test(`takes ${takes}`, () => {
    expect([...operation(type).takes].sort()).toEqual(takes.split(' ').sort());
  });

  test(`has number ${mandatoryNumber} in the text for missing variables`, () => {
    expect(mandatoryTypeNumber(operation(type), DEFAULT_VARIANTS.typeIndex)).toBe(mandatoryNumber);
  });

  test('has the number of the other servers with the other values of typeIndex', () => {
    const isPlus = needsDirectPlus(operation(type));
    expect(mandatoryTypeNumber(operation(type), '33')).toBe(mandatoryNumber - (isPlus ? 1 : 0));
    expect(mandatoryTypeNumber(operation(type), '34')).toBe(mandatoryNumber - (isPlus ? 2 : 0));
  });

  test('is found padded or not', () => {
    expect(operationOf(String(Number(type)))).toBe(operation(type));
    expect(operationOf(type.slice(1))).toBe(operation(type));
  });

  test('is found by its name', () => {
    const { name } = operation(type);
    expect(operationNamed(name)).toBe(operation(type));
  });

  test('takes only known variables, none both mandatory and optional', () => {
    const { takes: mandatory, optional, insteadOfCard = [] } = operation(type);
    for (const name of [...mandatory, ...optional, ...insteadOfCard]) expect(VARIABLE_BY_NAME.has(name), name).toBe(true);
    expect(mandatory.filter((name) => optional.includes(name))).toEqual([]);
  });

  test('takes only variables that have a keyword number', () => {
    expect(operation(type).takes.filter((name) => !MANDATORY_ORDER.includes(name))).toEqual([]);
  });
});

test.each(['', '0', '00000', '6', '00010', '00050', '00059', '000001', '1 ', ' 1', '+1', '-1', '1.0', '1e0', '0x1', '٣', 'authorize'])(
  '%j is not a TYPE',
  (type) => {
    expect(operationOf(type)).toBeUndefined();
  },
);

test('an unknown name is not an operation', () => {
  expect(operationNamed('toString')).toBeUndefined();
});

test('00051 to 00061 need Direct Plus, the others do not', () => {
  expect(ALL.filter(needsDirectPlus).map(({ TYPE }) => TYPE)).toEqual(SHEET.map(([type]) => type).filter((type) => type > '00050'));
});

test('only registering and modifying a subscriber accept an amount of zero', () => {
  expect(ALL.filter(({ zeroAmount }) => zeroAmount).map(({ TYPE }) => TYPE)).toEqual(['00056', '00057']);
});

test('only registering requires that the subscriber does not exist yet', () => {
  expect(ALL.filter(({ subscriber }) => subscriber === 'new').map(({ TYPE }) => TYPE)).toEqual(['00056']);
});

test('only a credit to a subscriber accepts the numbers of a payment instead of a card', () => {
  const instead = ALL.filter(({ insteadOfCard }) => insteadOfCard !== undefined);
  expect(instead.map(({ TYPE, insteadOfCard }) => [TYPE, insteadOfCard])).toEqual([['00054', ['NUMAPPEL', 'NUMTRANS']]]);
});

test.each([
  ['00002', 'REFERENCE'],
  ['00005', 'REFERENCE PORTEUR DATEVAL'],
  ['00012', 'AUTORISATION'],
  ['00017', 'NUMAPPEL MONTANT'],
  ['00055', 'PORTEUR DATEVAL'],
  ['00056', 'REFERENCE CVV'],
  ['00061', 'AUTORISATION'],
])('TYPE %s has the optional variables %s', (type, optional) => {
  expect(operation(type).optional).toEqual(expect.arrayContaining(optional.split(' ')));
});

test('the authentication of the cardholder comes with 00001, 00002, 00003, 00051, 00053 and 00056', () => {
  const types = ALL.filter(({ optional }) => optional.includes('ID3D')).map(({ TYPE }) => TYPE);
  expect(types).toEqual(['00001', '00002', '00003', '00051', '00053', '00056']);
});

test.each([
  ['payment', '00002 00005 00013 00014 00052 00055'],
  ['reference', '00011'],
  ['transaction', '00017'],
])('a %s must exist for %s', (finds, types) => {
  expect(ALL.filter((entry) => entry.finds === finds).map(({ TYPE }) => TYPE)).toEqual(types.split(' '));
});

test.each([
  ['card', '00001 00003 00004 00012 00056 00057'],
  ['token', '00051 00053 00054 00055 00061'],
])('PORTEUR contains a %s on %s', (porteur, types) => {
  expect(ALL.filter((entry) => entry.porteur === porteur).map(({ TYPE }) => TYPE)).toEqual(types.split(' '));
});
