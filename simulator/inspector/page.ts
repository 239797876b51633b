import type { Child } from 'hono/jsx';
import type { Messages } from './messages/index.js';
import type { PageContext } from './page-context.js';

/** A part of the inspector, as its navigation lists them. */
export type Section = keyof Messages['sections'];

/** A page as it is shown. */
export interface RenderedPage {
  readonly title: string;
  readonly body: Child;
  /** Shows itself anew as exchanges come, from this one of the journal on; left out: it stays as it is. */
  readonly live?: number;
  readonly status?: 200 | 400 | 404 | 503;
}

/** Where a form leads. */
export interface Redirect {
  readonly to: string;
}

/** What a page asks for cannot be shown or done: said to the person, in their language. */
export class PageError extends Error {
  override readonly name = 'PageError';
  readonly status: 400 | 404;

  constructor(status: 400 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

/** One page: where it is, what it shows, and what its forms do. */
export interface Page {
  /** Below the inspector; `:name` is a part that `view.query` knows. */
  readonly path: string;
  readonly section: Section;
  readonly show: (view: PageContext) => Promise<RenderedPage> | RenderedPage;
  readonly act?: (view: PageContext) => Promise<RenderedPage | Redirect>;
}
