import { ISSUER_CODES, magicCard, OPERATIONS, TEST_CARDS } from '../../../contracts/index.js';
import { type Page, PageError } from '../page.js';
import { exchangeHref, hrefOf, type PageContext } from '../page-context.js';
import { Option, SelectField, TextField } from '../parts/forms.js';
import { codeMeaning } from '../parts/response-code.js';
import { accountsWithKey, sendQuestion } from '../send-question.js';

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

function CardField({ context }: { readonly context: PageContext }) {
  const { t, query } = context;
  const selected = query('PORTEUR');
  return (
    <label class="wide">
      {t.try.card}
      <select name="PORTEUR">
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
      </select>
    </label>
  );
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
        />
        <SelectField context={context} name="account" label={t.try.account} options={accountsWithKey(context).map(({ id }) => [id, id])} />
        <TextField context={context} name="MONTANT" label={t.try.amount} defaultValue="1000" isNumeric />
        <SelectField
          context={context}
          name="DEVISE"
          label={t.try.currency}
          options={CURRENCIES.map(([devise, code]) => [devise, `${devise} ${code}`])}
        />
        <TextField context={context} name="REFERENCE" label={t.try.reference} defaultValue="TRY-1" />
        <CardField context={context} />
      </fieldset>
      <fieldset>
        <legend>{t.try.numbers}</legend>
        <p class="hint">{t.try.numbersHint}</p>
        <TextField context={context} name="NUMTRANS" label="NUMTRANS" isNumeric />
        <TextField context={context} name="NUMAPPEL" label="NUMAPPEL" isNumeric />
      </fieldset>
      <fieldset>
        <legend>Direct Plus</legend>
        <p class="hint">{t.try.subscriberHint}</p>
        <TextField context={context} name="REFABONNE" label={t.try.subscriber} />
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
