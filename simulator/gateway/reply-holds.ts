interface Hold {
  /** The number of answered questions that ends the hold. */
  readonly until: number;
  /** The rule that holds the reply. */
  readonly rule: string;
  readonly resolve: () => void;
}

/** The replies of one gateway that rules hold until further questions are answered. */
export class ReplyHolds {
  #answered = 0;
  readonly #holds = new Set<Hold>();

  /** Counts a question that was answered, and ends the holds that waited for it. */
  count(): void {
    this.#answered++;
    this.#end(({ until }) => until <= this.#answered);
  }

  /** Resolves when this many further questions are answered, or the holds of the rule are released. */
  wait(questions: number, rule: string): Promise<void> {
    if (questions <= 0) return Promise.resolve();
    return new Promise((resolve) => this.#holds.add({ until: this.#answered + questions, rule, resolve }));
  }

  /** Ends the holds of a rule; without one, all holds. */
  release(rule?: string): void {
    this.#end((hold) => rule === undefined || hold.rule === rule);
  }

  #end(isOver: (hold: Hold) => boolean): void {
    for (const hold of this.#holds) {
      if (!isOver(hold)) continue;
      this.#holds.delete(hold);
      hold.resolve();
    }
  }
}
