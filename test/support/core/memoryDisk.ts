import type { JournalStore, KeptContent, KeptText } from '../../../src/core/saving/journalStore';

/** A disk in memory; `trouble` makes it fail. */
export class MemoryDisk implements JournalStore {
  readonly files = new Map<string, { text: KeptText; content: KeptContent }>();
  writes = 0;
  trouble: Error | undefined;
  gate: Promise<void> | undefined;

  async list(): Promise<readonly KeptText[]> {
    await this.gate;
    if (this.trouble) throw this.trouble;
    return [...this.files.values()].map(({ text }) => text);
  }
  async write(text: KeptText, content: KeptContent): Promise<void> {
    await this.gate;
    if (this.trouble) throw this.trouble;
    this.writes += 1;
    this.files.set(text.id, { text, content: { ...content } });
  }
  read({ id }: KeptText): Promise<KeptContent | undefined> {
    return Promise.resolve(this.files.get(id)?.content);
  }
  mark({ id }: KeptText, end: NonNullable<KeptText['end']>): Promise<void> {
    const known = this.files.get(id);
    if (known) this.files.set(id, { ...known, text: { ...known.text, end } });
    return Promise.resolve();
  }
  remove({ id }: KeptText): Promise<void> {
    this.files.delete(id);
    return Promise.resolve();
  }
}
