import { authenticationOf, dueCalls, isReturnPending } from './authentication-record.js';
import { resultFields } from './result-fields.js';
import { ShopVisit } from './shop-visit.js';

/** An authentication that a step started: its customer and the results that its shop receives. */
export class ShopAuthentication extends ShopVisit {
  get IdSession(): string {
    return this.sent.IdSession ?? '';
  }

  /** The values for expectations and later steps: see {@link resultFields}. */
  async fields(): Promise<ReadonlyMap<string, string>> {
    const record = await authenticationOf(this.control, this.IdSession);
    return resultFields({
      arrivals: this.listener.arrivalsOf(this.order),
      first: this.seen?.first,
      visit: this.visit,
      ID3D: record?.ID3D,
      publicKey: await this.control.text('/public-key.pem'),
      isShop: (url) => this.listener.owns(url),
    });
  }

  protected async isPageLate(): Promise<boolean> {
    const record = await authenticationOf(this.control, this.IdSession);
    return record !== undefined && isReturnPending(record, this.asked, await this.now());
  }

  protected async receiveResults(limit: AbortSignal): Promise<void> {
    const record = await authenticationOf(this.control, this.IdSession);
    // An IdSession that was used is refused: its record is that of another authentication, whose results went elsewhere.
    const { URLHttpDirect = record?.URLHttpDirect } = this.sent;
    if (record && record.URLHttpDirect === URLHttpDirect && this.listener.owns(record.URLHttpDirect))
      await this.listener.receives(this.order, dueCalls(record, await this.now()), limit);
  }
}
