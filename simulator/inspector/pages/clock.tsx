import { remittanceOf } from '../../engine/calendar.js';
import type { Clock } from '../../gateway/clock.js';
import { machineTime } from '../format.js';
import { newestSeq } from '../journal-queries.js';
import type { Messages } from '../messages/index.js';
import { FormError, type Page, PageError } from '../page.js';
import { hrefOf, type PageContext } from '../page-context.js';
import { ActionButton, TextField } from '../parts/forms.js';
import { problemIn } from '../translate-problem.js';

interface Action {
  readonly label: (texts: Messages['clock']) => string;
  readonly run: (clock: Clock, context: PageContext) => void;
  /** Whether the page has a button for the action, given the present state of the clock. */
  readonly hasButton: (clock: Clock) => boolean;
}

/** The action that most visits are for. */
const MAIN_ACTION = 'day';

const always = (): boolean => true;

function setClock(clock: Clock, { query, language }: PageContext): void {
  try {
    clock.set(query('now'));
  } catch (error) {
    throw error instanceof RangeError ? new FormError({ now: problemIn(language, error.message) }) : error;
  }
}

const ACTIONS: Readonly<Record<string, Action>> = {
  hour: { label: ({ hour }) => hour, run: (clock) => clock.advance('PT1H'), hasButton: always },
  day: { label: ({ day }) => day, run: (clock) => clock.advance('P1D'), hasButton: always },
  week: { label: ({ week }) => week, run: (clock) => clock.advance('P7D'), hasButton: always },
  remit: { label: ({ remit }) => remit, run: (clock) => clock.remit(), hasButton: always },
  freeze: { label: ({ freeze }) => freeze, run: (clock) => clock.freeze(), hasButton: (clock) => !clock.position.frozen },
  resume: { label: ({ resume }) => resume, run: (clock) => clock.resume(), hasButton: (clock) => clock.position.frozen },
  reset: { label: ({ real }) => real, run: (clock) => clock.reset(), hasButton: always },
  // Has a separate form.
  set: { label: ({ set }) => set, run: setClock, hasButton: () => false },
};

/** The clock of the gateway, with buttons that advance, freeze and reset it and a form that sets it. */
export const clockPage: Page = {
  path: 'ui/clock',
  section: 'clock',
  render: async (context) => {
    const { t, gateway, formats } = context;
    const now = gateway.clock.now();
    const remittance = remittanceOf(now).at;
    return {
      title: t.sections.clock,
      liveAfter: await newestSeq(gateway),
      body: (
        <>
          <p class="lead">{t.clock.intro}</p>
          <dl class="facts card-box" id="clock" data-live="whole">
            <dt>{t.clock.now}</dt>
            <dd>
              <time datetime={machineTime(now)}>{formats.dateTime(now)}</time>
              <br />
              {gateway.clock.position.frozen ? t.clock.frozen : t.clock.running}
            </dd>
            <dt>{t.clock.nextRemittance}</dt>
            <dd>
              <time datetime={machineTime(remittance)}>{formats.dateTime(remittance)}</time>
            </dd>
          </dl>
          <h2>{t.clock.move}</h2>
          <div class="actions">
            {Object.entries(ACTIONS)
              .filter(([, { hasButton }]) => hasButton(gateway.clock))
              .map(([action, { label }]) => (
                <ActionButton context={context} path="ui/clock" values={{ action }} isQuiet={action !== MAIN_ACTION}>
                  {label(t.clock)}
                </ActionButton>
              ))}
          </div>
          <h2>{t.clock.set}</h2>
          <form method="post" action={hrefOf(context, 'ui/clock')} class="fieldsets">
            <input type="hidden" name="action" value="set" />
            <TextField
              context={context}
              name="now"
              label={t.clock.setTo}
              type="datetime-local"
              step={1}
              defaultValue={machineTime(now).slice(0, 19)}
            />
            <button type="submit" class="quiet">
              {t.clock.set}
            </button>
          </form>
        </>
      ),
    };
  },
  submit: async (context) => {
    const { gateway, query, t } = context;
    const action = Object.hasOwn(ACTIONS, query('action')) ? ACTIONS[query('action')] : undefined;
    if (!action) throw new PageError(400, t.problem.unknownAction);
    action.run(gateway.clock, context);
    await gateway.saved();
    return { to: hrefOf(context, 'ui/clock') };
  },
};
