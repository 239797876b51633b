import { remittanceOf } from '../../engine/calendar.js';
import type { Clock } from '../../gateway/clock.js';
import { newestEntry } from '../events.js';
import { machineTime } from '../format.js';
import type { Messages } from '../messages/index.js';
import { type Page, PageError } from '../page.js';
import { hrefOf, type PageContext } from '../page-context.js';
import { ActionButton } from '../parts/forms.js';

interface Action {
  readonly label: (clock: Messages['clock']) => string;
  readonly run: (clock: Clock, view: PageContext) => void;
  /** Whether it is offered as a button, and when. */
  readonly isOffered: (clock: Clock) => boolean;
}

const always = (): boolean => true;

const ACTIONS: Readonly<Record<string, Action>> = {
  hour: { label: ({ hour }) => hour, run: (clock) => clock.advance('PT1H'), isOffered: always },
  day: { label: ({ day }) => day, run: (clock) => clock.advance('P1D'), isOffered: always },
  week: { label: ({ week }) => week, run: (clock) => clock.advance('P7D'), isOffered: always },
  remit: { label: ({ remit }) => remit, run: (clock) => clock.remit(), isOffered: always },
  freeze: { label: ({ freeze }) => freeze, run: (clock) => clock.freeze(), isOffered: (clock) => !clock.position.frozen },
  resume: { label: ({ resume }) => resume, run: (clock) => clock.resume(), isOffered: (clock) => clock.position.frozen },
  reset: { label: ({ real }) => real, run: (clock) => clock.reset(), isOffered: always },
  set: { label: ({ set }) => set, run: (clock, { query }) => clock.set(query('now')), isOffered: () => false },
};

/** The gateway's clock, and what moves it. */
export const clockPage: Page = {
  path: 'ui/clock',
  section: 'clock',
  show: async (view) => {
    const { t, gateway, formats } = view;
    const now = gateway.clock.now();
    const remittance = remittanceOf(now).at;
    return {
      title: t.sections.clock,
      live: await newestEntry(gateway),
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
              .filter(([, { isOffered }]) => isOffered(gateway.clock))
              .map(([action, { label }]) => (
                <ActionButton view={view} path="ui/clock" values={{ action }}>
                  {label(t.clock)}
                </ActionButton>
              ))}
          </div>
          <h2>{t.clock.set}</h2>
          <form method="post" action={hrefOf(view, 'ui/clock')} class="fieldsets">
            <input type="hidden" name="action" value="set" />
            <label>
              {t.clock.setTo}
              <input type="datetime-local" name="now" step={1} required value={machineTime(now).slice(0, 19)} />
            </label>
            <button type="submit">{t.clock.set}</button>
          </form>
        </>
      ),
    };
  },
  act: async (view) => {
    const { gateway, query, t } = view;
    const action = Object.hasOwn(ACTIONS, query('action')) ? ACTIONS[query('action')] : undefined;
    if (!action) throw new PageError(400, t.problem.title);
    action.run(gateway.clock, view);
    await gateway.saved();
    return { to: hrefOf(view, 'ui/clock') };
  },
};
