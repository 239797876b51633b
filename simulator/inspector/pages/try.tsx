import { ISSUER_CODES, magicCard, OPERATIONS, TEST_CARDS } from '../../../contracts/index.js';
import { askableAccounts, askGateway } from '../ask-gateway.js';
import { type Page, PageError } from '../page.js';
import { exchangeHref, hrefOf, type PageContext } from '../page-context.js';
import { meaningOf } from '../parts/code.js';
import { Option } from '../parts/forms.js';

/** Codes of the gateway that a card can meet; those of its bank come after them. */
const GATEWAY_CODES = ['00001', '00003', '00021', '00022', '00097', '00099'] as const;

const REFUSALS: readonly string[] = [...GATEWAY_CODES, ...ISSUER_CODES.map(({ code }) => `001${code}`).filter((code) => code !== '00100')];

const CURRENCIES = [
  ['978', 'EUR'],
  ['840', 'USD'],
  ['826', 'GBP'],
  ['756', 'CHF'],
] as const;

function CardChoice({ view }: { readonly view: PageContext }) {
  const { t } = view;
  const chosen = view.query('PORTEUR');
  return (
    <label class="wide">
      {t.try.card}
      <select name="PORTEUR">
        <optgroup label={t.try.goodCards}>
          {TEST_CARDS.map(({ PORTEUR, TYPECARTE, outcome }) => (
            <Option value={PORTEUR} label={`${PORTEUR} ${TYPECARTE}${outcome === 'luhn' ? ' → 00004' : ''}`} chosen={chosen} />
          ))}
        </optgroup>
        <optgroup label={t.try.refusedCards}>
          {REFUSALS.map((code) => (
            <Option value={magicCard(code)} label={`${code} ${meaningOf(view, code)}`} chosen={chosen} />
          ))}
        </optgroup>
      </select>
    </label>
  );
}

function Text({
  view,
  name,
  label,
  usual = '',
  isNumber = false,
}: {
  readonly view: PageContext;
  readonly name: string;
  readonly label: string;
  readonly usual?: string;
  readonly isNumber?: boolean;
}) {
  return (
    <label>
      {label}
      <input
        name={name}
        value={view.query(name) || usual}
        inputmode={isNumber ? 'numeric' : undefined}
        maxlength={250}
        autocomplete="off"
      />
    </label>
  );
}

/** A form that asks the gateway as a shop would. */
export const tryPage: Page = {
  path: 'ui/try',
  section: 'try',
  show: (view) => {
    const { t, language, query } = view;
    const accounts = askableAccounts(view);
    return {
      title: t.sections.try,
      body: (
        <>
          <p class="lead">{t.try.intro}</p>
          {accounts.length === 0 ? (
            <p class="empty">{t.try.noAccount}</p>
          ) : (
            <form method="post" action={hrefOf(view, 'ui/try')} class="fieldsets">
              <fieldset>
                <legend>{t.try.operation}</legend>
                <label class="wide">
                  {t.try.operation}
                  <select name="operation">
                    {OPERATIONS.map(({ TYPE, name, title }) => (
                      <Option value={name} label={`${TYPE} ${title[language]}`} chosen={query('operation') || 'pay'} />
                    ))}
                  </select>
                </label>
                <label>
                  {t.try.account}
                  <select name="account">
                    {accounts.map(({ id }) => (
                      <Option value={id} label={id} chosen={query('account')} />
                    ))}
                  </select>
                </label>
                <Text view={view} name="MONTANT" label={t.try.amount} usual="1000" isNumber />
                <label>
                  {t.try.currency}
                  <select name="DEVISE">
                    {CURRENCIES.map(([devise, code]) => (
                      <Option value={devise} label={`${devise} ${code}`} chosen={query('DEVISE')} />
                    ))}
                  </select>
                </label>
                <Text view={view} name="REFERENCE" label={t.try.reference} usual="TRY-1" />
                <CardChoice view={view} />
              </fieldset>
              <fieldset>
                <legend>{t.try.numbers}</legend>
                <p class="hint">{t.try.numbersHint}</p>
                <Text view={view} name="NUMTRANS" label="NUMTRANS" isNumber />
                <Text view={view} name="NUMAPPEL" label="NUMAPPEL" isNumber />
              </fieldset>
              <fieldset>
                <legend>Direct Plus</legend>
                <p class="hint">{t.try.subscriberHint}</p>
                <Text view={view} name="REFABONNE" label={t.try.subscriber} />
              </fieldset>
              <p class="actions">
                <button type="submit">{t.try.submit}</button>
              </p>
            </form>
          )}
        </>
      ),
    };
  },
  act: async (view) => {
    const accounts = askableAccounts(view);
    const account = accounts.find(({ id }) => id === view.query('account')) ?? accounts[0];
    if (!account) throw new PageError(400, view.t.try.noAccount);
    const seq = await askGateway(view, account);
    return { to: seq === undefined ? hrefOf(view, '') : exchangeHref(view, seq) };
  },
};
