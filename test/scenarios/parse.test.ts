import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenarios, scenario } from '../../scenarios/load.js';
import { parseScenario } from '../../scenarios/parse.js';
import type { SendStep } from '../../scenarios/scenario.js';
import { tempFolder } from '../support/temp-folder.js';
import { inline, problemsIn, withHead } from './inline.js';

const variablesOf = async (rest: string) => ((await inline(rest)).steps[0] as SendStep).with;

describe('a scenario file', () => {
  it('keeps leading zeros of numbers, in every YAML layout', async () => {
    expect(await variablesOf('steps: [{ send: pay, with: { DATEVAL: 0149, MONTANT: 00 } }]')).toEqual({ DATEVAL: '0149', MONTANT: '00' });
    expect(await variablesOf('steps:\n  - send: 00003\n    with:\n      ERRORCODETEST: 00105\n')).toEqual({ ERRORCODETEST: '00105' });
    expect((await inline('steps:\n  - send: 00003')).steps[0]).toEqual({ send: '00003' });
  });

  it('keeps numbers as written, also those that JavaScript would round', async () => {
    const text = 'steps: [{ send: pay, with: { PORTEUR: 9999999999999999, MONTANT: 1000, REFERENCE: 1.50, CVV: "012" } }]';
    expect(await variablesOf(text)).toEqual({ PORTEUR: '9999999999999999', MONTANT: '1000', REFERENCE: '1.50', CVV: '012' });
  });

  it('keeps the types of values in the body of a request that is JSON', async () => {
    const text = 'steps: [{ call: http://localhost/, json: { a: 5, b: 0.5, c: ~, d: True, e: , f: "6", g: 007 } }]';
    expect((await inline(text)).steps[0]).toMatchObject({ json: { a: 5, b: 0.5, c: null, d: true, e: null, f: '6', g: '007' } });
  });

  it('reads the values of examples as strings', async () => {
    const { examples } = await inline('examples: [{ amount: 1, code: 00011 }, { amount: 0010 }]\nsteps: [{ send: pay }]');
    expect(examples).toEqual([{ amount: '1', code: '00011' }, { amount: '0010' }]);
  });

  it('has defaults: one row without values, and not safe', async () => {
    const { examples, safe, tags, needs, catches, given } = await inline('steps: [{ send: pay }]');
    expect({ examples, safe, tags, needs, catches, given }).toEqual({
      examples: [{}],
      safe: false,
      tags: [],
      needs: [],
      catches: [],
      given: {},
    });
  });

  it('needs no section, no weight and no long reason', async () => {
    const { why, section, weight } = await parseScenario('id: order\nwhy: Paid.\nsteps: [{ send: pay }]', 'order.yaml');
    expect({ why, section, weight }).toEqual({ why: 'Paid.', section: undefined, weight: undefined });
  });

  it('that is not UTF-8 is refused with the position of the first such byte', async () => {
    const file = join(await tempFolder(), 'latin1.yaml');
    await writeFile(file, Buffer.from('id: order\nwhy: "éé"\n', 'latin1'));
    await expect(loadScenarios([file])).rejects.toThrow(`${file}:2:7: the file is not UTF-8 (byte 0xE9). Save it as UTF-8.`);
  });

  it('knows the positions of its values', async () => {
    const { positionOf } = await inline('steps:\n  - send: pay\n    expect:\n      reply:\n        CODEREPONSE: 00000\n');
    expect(positionOf(['steps', 0, 'expect', 'reply', 'CODEREPONSE'])).toEqual({ line: 9, column: 9 });
    expect(positionOf(['steps', 0])).toEqual({ line: 6, column: 5 });
  });
});

describe('a scenario file with mistakes', () => {
  it('fails with the known operations if an operation is unknown', async () => {
    const [problem] = await problemsIn(withHead('steps:\n  - send: refunde\n'));
    expect(problem).toMatch(
      /^order\.yaml:6:5: steps\.1\.send: unknown operation refunde; use a TYPE in digits or one of authorize, capture, /,
    );
  });

  it('fails with the nearest name if a variable is misspelt', async () => {
    const step =
      '{ send: pay, with: { MONTNT: 5 }, without: [CVW], expect: { reply: { CODEREPONS: 00000 }, received: [{ send: pay, with: { REFERENC: A } }] } }';
    const rule = '{ rule: { match: { PORTEURS: 1111222233334444 }, answer: 00105 } }';
    const text = `given: { rules: [{ match: { REFERANCE: A } }], subscribers: [{ as: anna, with: { CARD: 1 } }] }\nsteps: [${step}, ${rule}]`;
    expect((await problemsIn(withHead(text))).map((problem) => problem.replace(/^order\.yaml:\d+:\d+: /, ''))).toEqual(
      [
        'given.rules.1.match.REFERANCE: the gateway has no variable REFERANCE; did you mean REFERENCE?',
        'given.subscribers.1.with.CARD: the gateway has no variable CARD',
        'steps.1.with.MONTNT: the gateway has no variable MONTNT; did you mean MONTANT?',
        'steps.1.without: the gateway has no variable CVW; did you mean CVV?',
        'steps.1.expect.reply.CODEREPONS: the gateway has no variable CODEREPONS; did you mean CODEREPONSE?',
        'steps.1.expect.received.1.with.REFERENC: the gateway has no variable REFERENC; did you mean REFERENCE?',
        'steps.2.rule.match.PORTEURS: the gateway has no variable PORTEURS; did you mean PORTEUR?',
      ].map((problem) => `${problem} (\`unknown: true\` in the scenario allows any name)`),
    );
    expect(await problemsIn(withHead(`unknown: true\n${text}`))).toEqual([]);
  });

  it('fails with file, line and column of each mistake', async () => {
    expect(await problemsIn(withHead('safe: perhaps\nsteps:\n  - send: pay\n    withh: { MONTANT: 5 }\n  - remit: false\n'))).toEqual([
      'order.yaml:5:1: safe: must be boolean',
      'order.yaml:8:5: steps.1.withh: unknown name "withh"; known here: send, on, host, with, without, sign, as, expect',
      'order.yaml:9:5: steps.2.remit: must be equal to constant',
    ]);
  });

  it('fails with the allowed values', async () => {
    expect(await problemsIn(withHead('needs: [rsa]\nsteps: [{ send: pay, sign: MD5 }]'))).toEqual([
      'order.yaml:5:9: needs.1: must be one of cle, hmac, plus, integration, shop',
      'order.yaml:6:22: steps.1.sign: must be one of cle, SHA512, SHA384, SHA256, SHA224, RIPEMD160, none',
    ]);
    expect(await problemsIn(withHead('given: { variants: { echo: loud } }\nsteps: [{ send: pay }]'))).toEqual([
      'order.yaml:5:22: given.variants.echo: must be one of verbatim, normalised',
    ]);
    expect(await problemsIn(withHead('').replace('weight: D', 'weight: X').concat('steps: [{ send: pay }]'))).toEqual([
      'order.yaml:4:1: weight: must be one of D, O, I',
    ]);
  });

  it('fails with the known names', async () => {
    const [problem] = await problemsIn(withHead('catch: [no-state]\nsteps: [{ send: pay }]'));
    expect(problem).toMatch(/^order\.yaml:5:1: catch: unknown name "catch"; known here: id, why, .*catches/);
  });

  it('fails with the possible forms of an expectation', async () => {
    expect(await problemsIn(withHead('steps:\n  - send: pay\n    expect:\n      reply: { CODEREPONSE: { matches: 0 } }'))).toEqual([
      'order.yaml:8:16: steps.1.expect.reply.CODEREPONSE: A value, {pattern}, {not}, {oneOf: [..]}, {absent: true}, {present: true} or {echo: true}.',
    ]);
  });

  it('fails with the missing keys', async () => {
    expect(await problemsIn('id: order\nsteps: [{ send: pay }]')).toEqual(['order.yaml:1:1: the file: why is missing']);
    expect(await problemsIn('why: ""\nsection: §99\nsteps: [{ send: pay }]')).toEqual([
      'order.yaml:1:1: the file: id is missing',
      'order.yaml:1:1: why: must NOT have fewer than 1 characters',
      'order.yaml:2:1: section: must match pattern "^§([1-9]|1[01])$"',
    ]);
  });

  it('fails with the kinds of steps if a step has none of them', async () => {
    expect(await problemsIn(withHead('steps:\n  - as: order'))).toEqual([
      'order.yaml:6:5: steps.1: a step needs one of send, raw, run, call, authenticate, browse, together, rule, advance, remit, expect',
    ]);
  });

  it.each([
    ['sned: pay', 'sned is not a key of a step; did you mean send?'],
    ['with: { MONTANT: 5 }\n    sned: pay', 'sned is not a key of a step; did you mean send?'],
    ['together: [{ send: pay }, { calll: x }]', 'calll is not a key of a step; did you mean call?'],
    [
      'shop: pay',
      'shop is not a key of a step; a step needs one of send, raw, run, call, authenticate, browse, together, rule, advance, remit, expect',
    ],
  ])('fails with the key that is not one of a step: %s', async (step, message) => {
    const [problem, ...more] = await problemsIn(withHead(`steps:\n  - ${step}`));
    expect(more).toEqual([]);
    expect(problem).toMatch(/^order\.yaml:6:\d+: steps\.1[.\w]*: /);
    expect(problem?.endsWith(`: ${message}`), problem).toBe(true);
  });

  it.each([
    ['a reply of an expect step', '- expect:\n      reply: { CODEREPONSE: 00000 }', 'reply', ''],
    ['bytes of an expect step', '- expect:\n      wire: { status: 200 }', 'wire', ''],
    ['a reply of concurrent steps', '- together: [{ send: pay }, { send: pay }]\n    expect:\n      reply: {}', 'reply', ''],
    ['an exit status of a question', '- send: pay\n    expect:\n      program: { status: 0 }', 'program', 'reply, wire, '],
    ['a response of the application after raw bytes', '- raw: a\n    expect:\n      http: { status: 200 }', 'http', 'reply, wire, '],
    ['a reply of a program', '- run: shop\n    expect:\n      reply: { CODEREPONSE: 00000 }', 'reply', 'program, '],
    ['an exit status of an application', '- call: http://a\n    expect:\n      program: { status: 0 }', 'program', 'http, '],
  ])('fails if it expects %s', async (_, step, name, own) => {
    const [problem = '', ...more] = await problemsIn(withHead(`steps:\n  ${step}`));
    const line = 5 + step.split('\n').length;
    expect(more).toEqual([]);
    expect(problem).toMatch(new RegExp(`^order\\.yaml:${line}:7: steps\\.1\\.expect\\.${name}: unknown name`));
    expect(problem).toContain(`known here: ${own}payment, findings, received, money`);
  });

  it.each(['- advance: P1D', '- expect: { money: { captured: 5 } }', '- together: [{ send: pay }, { send: pay }]', '- as: order'])(
    'fails if a step cannot run concurrently: %s',
    async (step) => {
      expect(await problemsIn(withHead(`steps:\n  - together:\n    - send: pay\n    ${step}`))).toEqual([
        'order.yaml:8:7: steps.1.together.2: a step in together needs one of send, raw, run, call, authenticate, browse',
      ]);
    },
  );

  it('fails with the line of a mistake in a concurrent step', async () => {
    const steps = 'steps:\n  - together:\n    - send: pay\n    - send: pay\n      withh: {}\n';
    expect(await problemsIn(withHead(steps))).toEqual([
      expect.stringMatching(/^order\.yaml:9:7: steps\.1\.together\.2\.withh: unknown name/),
    ]);
  });

  it('fails if concurrent steps refer to each other', async () => {
    const steps = 'steps:\n  - together:\n    - { send: authorize, as: order }\n    - { send: capture, on: order }\n';
    expect(await problemsIn(withHead(steps))).toEqual([
      'order.yaml:8:7: steps.1.together.2: no earlier step is named order; named so far: none',
    ]);
    expect(await problemsIn(withHead(`${steps.replace(', on: order', '')}  - { send: capture, on: order }`))).toEqual([]);
  });

  it('fails if a step refers to a later or unknown step', async () => {
    const text = 'steps:\n  - send: authorize\n    as: order\n  - send: capture\n    on: ordre\n  - send: pay\n    as: ordre\n';
    expect(await problemsIn(withHead(text))).toEqual(['order.yaml:8:5: steps.2: no earlier step is named ordre; named so far: order']);
    expect(await problemsIn(withHead('steps: [{ send: capture, on: order }]'))).toEqual([
      'order.yaml:5:9: steps.1: no earlier step is named order; named so far: none',
    ]);
  });

  it('fails if an expectation refers to an unknown step', async () => {
    const text = 'steps: [{ send: pay, as: order }, { expect: { payment: { of: ordre, captured: 1000 } } }]';
    expect(await problemsIn(withHead(text))).toEqual(['order.yaml:5:35: steps.2: no earlier step is named ordre; named so far: order']);
  });

  it('accepts references to given payments and subscribers, and to the step itself', async () => {
    const given = 'given: { subscribers: [{ as: alice }], payments: [{ as: hosted, NUMTRANS: 5 }] }\n';
    const steps =
      'steps: [{ send: subscribers.pay, on: alice }, { send: refund, on: hosted, as: back, expect: { payment: { of: back, refunded: 5 } } }]';
    expect(await problemsIn(withHead(given + steps))).toEqual([]);
  });

  it('fails with the position of a YAML syntax error', async () => {
    const [problem] = await problemsIn(withHead('steps: [{ send: pay }\ntags: [x'));
    expect(problem).toBe('order.yaml:6:1: Flow sequence in block collection must be sufficiently indented and end with a ]');
    expect(await problemsIn('id: order\nwhy: a: b\n')).toEqual(['order.yaml:2:6: Nested mappings are not allowed in compact mappings']);
    expect(await problemsIn('id: order\nwhy: "no end\n')).toEqual([expect.stringMatching(/^order\.yaml:\d+:\d+: .*quote/)]);
  });

  // Each line refers ten times to the line before.
  const laughs = Array.from(
    { length: 12 },
    (_, n) => `x${n}: &a${n} [${Array.from({ length: 10 }, () => (n === 0 ? 'ha' : `*a${n - 1}`)).join()}]`,
  );

  it.each([
    ['an alias without an anchor', 'id: order\nwhy: *reason\n', '2:6: the alias *reason has no anchor &reason before it'],
    ['an anchor after the alias', 'id: *x\nwhy: &x y\n', '1:5: the alias *x has no anchor &x before it'],
    ['an alias as a key', 'id: order\n*x : 1\n', '2:1: the alias *x has no anchor &x before it'],
    ['an alias in its own value', 'id: order\nsteps: &s\n  - *s\n', '3:5: the alias *s is a part of the value that it refers to'],
    ['a billion laughs', `${laughs.join('\n')}\n`, '4:38: the aliases up to *a2 add more than 10000 values'],
    ['values that are nested too deeply', `id: ${'['.repeat(20_000)}`, expect.stringMatching(/^1:\d+: the values are nested too deeply$/)],
  ])('fails with the position of %s', async (_, text, problem) => {
    const [first = ''] = await problemsIn(text);
    expect(first.replace('order.yaml:', '')).toEqual(problem);
  });

  it('reads aliases of anchors before them', async () => {
    expect(await problemsIn(withHead('steps: [{ send: pay, with: &v { REFERENCE: a } }, { send: pay, with: *v }]'))).toEqual([]);
  });

  it('fails with the position of a pattern that cannot be matched', async () => {
    const [problem] = await problemsIn(withHead("steps:\n  - send: pay\n    expect: { reply: { COMMENTAIRE: { pattern: '(a)\\1' } } }\n"));
    expect(problem).toMatch(/^order\.yaml:\d+:\d+: steps\.1\.expect\.reply\.COMMENTAIRE\.pattern: references to a group/);
  });

  it.each(['', '- a\n- b\n', 'just words\n', 'steps: 5\n', 'steps: [5, null]\n', 'null'])('fails with positions only: %j', async (text) => {
    const problems = await problemsIn(text);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/^order\.yaml:\d+:\d+: /);
  });
});

describe('a file that is no scenario file', () => {
  it.each(['pay.php', 'pay.Php', 'readme.md'])('is named: %s', async (name) => {
    const file = join(await tempFolder(), name);
    await writeFile(file, '<?php echo 1;');
    await expect(scenario(file)).rejects.toThrow(`${file} is not a scenario file (YAML).`);
    await expect(loadScenarios([file])).rejects.toThrow(`${file} is not a scenario file (YAML).`);
  });

  it('may be a folder', async () => {
    const folder = await tempFolder();
    await expect(scenario(folder)).rejects.toThrow(`${folder} is a folder, not a scenario file.`);
  });

  it.each(['a.yaml', 'a.YML', 'a.json', 'a'])('is not one named %s', async (name) => {
    const file = join(await tempFolder(), name);
    await writeFile(file, withHead('steps: [{ send: pay }]'));
    expect((await scenario(file)).id).toBe('order');
  });
});

describe('a folder of scenario files', () => {
  async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
    const folder = await tempFolder();
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
    return folder;
  }
  const good = withHead('steps: [{ send: pay }]');

  it('is read in the order of the file names, without other files', async () => {
    const folder = await folderWith({ 'b.yml': good.replace('id: order', 'id: second'), 'a.yaml': good, 'readme.md': 'words' });
    expect((await loadScenarios([folder])).map(({ id }) => id)).toEqual(['order', 'second']);
  });

  it('fails if two files have the same id', async () => {
    const folder = await folderWith({ 'a.yaml': good, 'b.yaml': `# again\n${good}` });
    await expect(loadScenarios([folder])).rejects.toThrow(
      `${join(folder, 'b.yaml')}:2:1: id: order is already used by ${join(folder, 'a.yaml')}`,
    );
  });

  it('fails with the mistakes of all files', async () => {
    const folder = await folderWith({ 'a.yaml': good, 'b.yaml': 'id: B', 'c.yaml': 'id: C' });
    const error = await loadScenarios([folder]).catch((reason: Error) => reason);
    expect((error as Error).message).toContain('b.yaml:1:1');
    expect((error as Error).message).toContain('c.yaml:1:1');
  });
});
