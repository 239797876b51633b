interface Group {
  left: number;
  onEmpty: () => void;
}

const newGroup = (): Group => ({ left: 0, onEmpty: () => {} });

/** Knows how much is under way. Counts, because a set of what is at work would cost each of it more than its own bookkeeping. */
export class Underway {
  #group = newGroup();
  /** Kept once every group before is empty. */
  #before: Promise<unknown> = Promise.resolve();

  /** @returns what {@link end} is to be told */
  begin(): Group {
    this.#group.left++;
    return this.#group;
  }

  end(group: Group): void {
    group.left--;
    if (group.left === 0) group.onEmpty();
  }

  /** Kept once all that is under way now has ended; what begins later is not waited for. */
  async settled(): Promise<void> {
    const group = this.#group;
    if (group.left > 0) {
      this.#group = newGroup();
      const emptied = new Promise<void>((resolve) => {
        group.onEmpty = resolve;
      });
      this.#before = Promise.all([this.#before, emptied]);
    }
    await this.#before;
  }
}
