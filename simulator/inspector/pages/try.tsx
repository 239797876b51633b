import { currencyOf, ISSUER_CODES, magicCard, OPERATIONS, type Operation, TEST_CARDS } from '../../../contracts/index.js';
import { type Page, PageError } from '../page.js';
import { exchangeHref, hrefOf, type PageContext } from '../page-context.js';
import { Option, SelectField, ShownFor, TextField } from '../parts/forms.js';
import { codeMeaning } from '../parts/response-code.js';
import { accountsWithKey, OWN_CARD, sendQuestion } from '../send-question.js';

/** The gateway's own codes that a card number can trigger. */
const GATEWAY_CODES = ['00001', '00003', '00021', '00022', '00097', '00099'] as const;

/** The codes that a card number can trigger: the gateway's own, then those of the issuer. */
const REFUSALS: readonly string[] = [...GATEWAY_CODES, ...ISSUER_CODES.map(({ code }) => `001${code}`).filter((code) => code !== '00100')];

const CURRENCIES = [
  ['978', 'EUR'],
  ['840', 'USD'],
  ['826', 'GBP'],
  ['756', 'CHF'],
] as const;

/** Names of the operations that a field applies to. */
function operationsWith(condition: (operation: Operation) => boolean): readonly string[] {
  return (OPERATIONS as readonly Operation[]).filter(condition).map(({ name }) => name);
}

const taking = (variable: string): readonly string[] => operationsWith(({ takes }) => takes.includes(variable));

const BY_CARD = operationsWith(({ porteur }) => porteur === 'card');
const ON_EARLIER = operationsWith(({ finds }) => finds === 'payment' || finds === 'transaction');
// Operations on an earlier payment find it by its numbers.
const WITH_REFERENCE = operationsWith(
  ({ takes, optional, finds }) => takes.includes('REFERENCE') || (finds === 'nothing' && optional.includes('REFERENCE')),
);

function CardField({ context }: { readonly context: PageContext }) {
  const { t, query } = context;
  const selected = query('PORTEUR');
  return (
    <label class="wide">
      {t.try.card}
      <select name="PORTEUR" data-chooses="">
        <optgroup label={t.try.testCards}>
          {TEST_CARDS.map(({ PORTEUR, TYPECARTE, outcome }) => (
            <Option value={PORTEUR} label={`${PORTEUR} ${TYPECARTE}${outcome === 'luhn' ? ' → 00004' : ''}`} selected={selected} />
          ))}
        </optgroup>
        <optgroup label={t.try.refusedCards}>
          {REFUSALS.map((code) => (
            <Option value={magicCard(code)} label={`${code} ${codeMeaning(context, code)}`} selected={selected} />
          ))}
        </optgroup>
        <optgroup label={t.try.ownCard}>
          <Option value={OWN_CARD} label={t.try.ownCardOption} selected={selected} />
        </optgroup>
      </select>
    </label>
  );
}

function OwnCard({ context }: { readonly context: PageContext }) {
  const { t } = context;
  return (
    <ShownFor by="PORTEUR" values={[OWN_CARD]}>
      <p class="hint">{t.try.ownCardHint}</p>
      <TextField context={context} name="ownPORTEUR" label="PORTEUR" isNumeric />
      <TextField context={context} name="ownDATEVAL" label={t.try.expiry} isNumeric />
      <TextField context={context} name="ownCVV" label="CVV" isNumeric />
    </ShownFor>
  );
}

/** The currencies of the form, with that of the payment if the form continues one. */
function currenciesFor({ query }: PageContext): readonly (readonly [devise: string, code: string])[] {
  const given = query('DEVISE');
  const code = currencyOf(given)?.code;
  return code === undefined || CURRENCIES.some(([devise]) => devise === given) ? CURRENCIES : [...CURRENCIES, [given, code]];
}

function QuestionForm({ context }: { readonly context: PageContext }) {
  const { t, language } = context;
  return (
    <form method="post" action={hrefOf(context, 'ui/try')} class="fieldsets">
      <fieldset>
        <legend>{t.try.operation}</legend>
        <SelectField
          context={context}
          name="operation"
          label={t.try.operation}
          options={OPERATIONS.map(({ TYPE, name, title }) => [name, `${TYPE} ${title[language]}`])}
          defaultValue="pay"
          isWide
          isChooser
        />
        <SelectField context={context} name="account" label={t.try.account} options={accountsWithKey(context).map(({ id }) => [id, id])} />
        <ShownFor by="operation" values={taking('MONTANT')}>
          <TextField context={context} name="MONTANT" label={t.try.amount} defaultValue="1000" isNumeric />
          <SelectField
            context={context}
            name="DEVISE"
            label={t.try.currency}
            options={currenciesFor(context).map(([devise, code]) => [devise, `${devise} ${code}`])}
          />
        </ShownFor>
        <ShownFor by="operation" values={WITH_REFERENCE}>
          <TextField context={context} name="REFERENCE" label={t.try.reference} defaultValue="TRY-1" />
        </ShownFor>
        <ShownFor by="operation" values={BY_CARD}>
          <CardField context={context} />
          <OwnCard context={context} />
        </ShownFor>
        <ShownFor by="operation" values={ON_EARLIER}>
          <p class="hint">{t.try.numbersHint}</p>
          <TextField context={context} name="NUMTRANS" label="NUMTRANS" isNumeric />
          <TextField context={context} name="NUMAPPEL" label="NUMAPPEL" isNumeric />
        </ShownFor>
        <ShownFor by="operation" values={taking('REFABONNE')}>
          <p class="hint">{t.try.subscriberHint}</p>
          <TextField context={context} name="REFABONNE" label={t.try.subscriber} />
        </ShownFor>
      </fieldset>
      <p class="actions">
        <button type="submit">{t.try.submit}</button>
      </p>
    </form>
  );
}

/** A form that sends a question to the gateway, like a shop. */
export const tryPage: Page = {
  path: 'ui/try',
  section: 'try',
  render: (context) => {
    const { t } = context;
    return {
      title: t.sections.try,
      body: (
        <>
          <p class="lead">{t.try.intro}</p>
          {accountsWithKey(context).length === 0 ? <p class="empty">{t.try.noAccount}</p> : <QuestionForm context={context} />}
        </>
      ),
    };
  },
  submit: async (context) => {
    const { query, t } = context;
    const accounts = accountsWithKey(context);
    const account = accounts.find(({ id }) => id === query('account')) ?? accounts[0];
    if (!account) throw new PageError(400, t.try.noAccount);
    const seq = await sendQuestion(context, account);
    return { to: seq === undefined ? hrefOf(context, '') : exchangeHref(context, seq) };
  },
};
