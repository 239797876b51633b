import { CONTENT_LISTS, type ContentPart } from '../store/store.js';
import { TimeSlice } from '../store/time-slice.js';
import { SNAPSHOT_KIND, SNAPSHOT_VERSION, type SnapshotSettings } from './snapshot.js';

/** Characters of a piece of the text of a snapshot. */
const PIECE = 16 * 1024;

/** Writes the content of a store as JSON while its parts are read. */
class ContentWriter {
  #list = -1;
  #isFirst = true;

  /** Returns the next piece of the text. */
  add(part: ContentPart): string {
    let text = part.sequence === undefined ? '' : `{"sequence":${part.sequence}`;
    for (const [index, name] of CONTENT_LISTS.entries()) {
      for (const item of part[name] ?? []) {
        text += `${this.#startLists(index)}${this.#isFirst ? '' : ','}${JSON.stringify(item)}`;
        this.#isFirst = false;
      }
    }
    return text;
  }

  /** Returns the last piece of the text. */
  end(): string {
    return `${this.#startLists(CONTENT_LISTS.length - 1)}]}`;
  }

  /** Ends the current list, and starts those up to this one. */
  #startLists(index: number): string {
    let text = '';
    while (this.#list < index) {
      text += `${this.#list < 0 ? '' : ']'},"${CONTENT_LISTS[++this.#list]}":[`;
      this.#isFirst = true;
    }
    return text;
  }
}

/**
 * Yields the text of a snapshot in pieces, while its content is read. It gives way to questions.
 *
 * @param settingsOf returns the settings from the text of the gateway's configuration
 */
export async function* snapshotText(
  parts: AsyncIterable<ContentPart>,
  settingsOf: (shared: string | undefined) => SnapshotSettings,
): AsyncGenerator<string, void, undefined> {
  let text = `${JSON.stringify({ kind: SNAPSHOT_KIND, version: SNAPSHOT_VERSION }).slice(0, -1)},"content":`;
  let settings: SnapshotSettings = { accounts: [], rules: [], clock: '' };
  const writer = new ContentWriter();
  const slice = new TimeSlice();
  for await (const part of parts) {
    if (part.sequence !== undefined) settings = settingsOf(part.shared);
    text += writer.add(part);
    if (text.length >= PIECE) {
      yield text;
      text = '';
    }
    if (slice.isOver) await slice.giveWay();
  }
  yield `${text}${writer.end()},${JSON.stringify(settings).slice(1)}`;
}
