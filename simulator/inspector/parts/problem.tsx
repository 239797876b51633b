import { maskText } from '../../../contracts/index.js';
import { hrefOf, type PageContext } from '../page-context.js';
import { WireValue } from './wire-value.js';

/** The message of an error, with a link back to the exchanges. */
export function Problem({ context, message }: { readonly context: PageContext; readonly message: string }) {
  return (
    <div class="empty" role="alert">
      <p>
        <WireValue value={maskText(message)} />
      </p>
      <p>
        <a class="button" href={hrefOf(context, '')}>
          {context.t.problem.back}
        </a>
      </p>
    </div>
  );
}
