import { maskText, VARIANTS, type VariantName } from '../../../contracts/index.js';
import type { Account } from '../../engine/account.js';
import type { Page } from '../page.js';
import type { PageContext } from '../page-context.js';
import { type Column, ListTable } from '../parts/list-table.js';
import { WireValue } from '../parts/wire-value.js';

/** The variants of an account that do not have their default. */
const changedVariants = ({ variants }: Account): readonly VariantName[] =>
  VARIANTS.filter(({ name, values }) => variants[name] !== values[0].value).map(({ name }) => name);

// The texts of the variants are Markdown, because the docs contain them.
const withoutCodeMarks = (text: string): string => text.replaceAll('`', '');

function columnsOf({ t }: PageContext): readonly Column<Account>[] {
  return [
    { title: t.columns.account, isRowHeader: true, cell: ({ id }) => <WireValue value={id} /> },
    { title: 'IDENTIFIANT', isLabelled: true, cell: ({ IDENTIFIANT }) => <WireValue value={IDENTIFIANT} /> },
    { title: t.accounts.authentication, isLabelled: true, cell: ({ auth }) => t.accounts.methods[auth] },
    { title: t.accounts.answer, isLabelled: true, cell: ({ answer }) => <WireValue value={answer} /> },
    {
      title: t.accounts.variants,
      isLabelled: true,
      cell: (account) => {
        const changed = changedVariants(account);
        return changed.length === 0 ? t.accounts.defaults : changed.map((name) => `${name}: ${account.variants[name]}`).join(', ');
      },
    },
  ];
}

function threeDSecureColumns({ t }: PageContext): readonly Column<Account>[] {
  const address = (name: 'URLHttpDirect' | 'URLRetour'): Column<Account> => ({
    title: name,
    isLabelled: true,
    cell: (account) => (account[name] === '' ? '—' : <WireValue value={maskText(account[name])} />),
  });
  return [
    { title: t.columns.account, isRowHeader: true, cell: ({ id }) => <WireValue value={id} /> },
    { title: 'threeDSecure', isLabelled: true, cell: ({ threeDSecure }) => t.accounts.threeDSecure[threeDSecure] },
    address('URLHttpDirect'),
    address('URLRetour'),
    {
      title: 'resultOrder',
      isLabelled: true,
      cell: ({ resultOrder }) => (resultOrder === 'drawn' ? t.accounts.drawn : t.authentication.orders[resultOrder]),
    },
    { title: 'notificationAttempts', isLabelled: true, cell: ({ notificationAttempts }) => String(notificationAttempts) },
  ];
}

function VariantsTable({ context: { t, language, gateway } }: { readonly context: PageContext }) {
  return (
    <table class="list">
      <thead>
        <tr>
          <th scope="col">{t.columns.name}</th>
          <th scope="col">{t.columns.meaning}</th>
          <th scope="col">{t.columns.value}</th>
          <th scope="col">{t.accounts.usedBy}</th>
        </tr>
      </thead>
      <tbody>
        {VARIANTS.flatMap(({ name, meaning, values }) =>
          values.map(({ value, meaning: valueMeaning }, index) => (
            <tr>
              <th scope="row">{name}</th>
              <td>{withoutCodeMarks(meaning[language])}</td>
              <td>
                <code>{value}</code> {withoutCodeMarks(valueMeaning[language])}
                {index === 0 && ` (${t.accounts.default})`}
              </td>
              <td>
                {gateway.accounts
                  .filter(({ variants }) => variants[name] === value)
                  .map(({ id }) => id)
                  .join(', ')}
              </td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}

/** The accounts with their settings for 3-D Secure, and for each value of each variant the accounts that have it. */
export const accountsPage: Page = {
  path: 'ui/accounts',
  section: 'accounts',
  render: (context) => {
    const { t, gateway } = context;
    return {
      title: t.sections.accounts,
      body: (
        <>
          <p>{t.accounts.intro}</p>
          <ListTable id="accounts" columns={columnsOf(context)} rows={gateway.accounts} empty={t.none.accounts} />
          <h2>{t.rules.authentication}</h2>
          <p>{t.accounts.threeDSecureIntro}</p>
          <ListTable id="three-d-secure" columns={threeDSecureColumns(context)} rows={gateway.accounts} empty={t.none.accounts} />
          <h2>{t.accounts.variants}</h2>
          <p>{t.accounts.variantsIntro}</p>
          <VariantsTable context={context} />
        </>
      ),
    };
  },
};
