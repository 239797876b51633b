import { hrefOf, type PageContext } from '../page-context.js';
import { Wire } from './wire.js';

/** Why something could not be shown or done. */
export function Problem({ view, message }: { readonly view: PageContext; readonly message: string }) {
  return (
    <div class="empty" role="alert">
      <p>
        <Wire value={message} />
      </p>
      <p>
        <a class="button" href={hrefOf(view, '')}>
          {view.t.problem.back}
        </a>
      </p>
    </div>
  );
}
