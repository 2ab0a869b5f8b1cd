import type { Holder } from '../model/lock';

/** Words that no person is called by. */
const sure =
  /^(?:backups?|migrat(?:ion|or|e|ing)|sync(?:er|ing|s|hroni[sz]\w*)?|indexer|indexing|scann(?:er|ing)|antivirus|snapshots?|cron|cronjobs?|svc|daemon)$/;
/** Words that somebody, or a part of a company, may be called by as well. */
const unsure = /^(?:index|scan|virus|bots?|services?|system|ci|batch|jobs?|account|agent|worker|server)$/;

/** The name or the program of a holder where that sounds like a program that works by itself; else undefined. */
export function programWords({ name, app }: Pick<Holder, 'name' | 'app'>): string | undefined {
  return [name, app].find((text) => text !== undefined && isProgram(text));
}

/** Longer is no name, and the patterns would take ages. */
const mostRead = 255;

function isProgram(whole: string): boolean {
  const text = whole.slice(0, mostRead);
  // Behind the @ stands where somebody works, in brackets what they work as.
  const [, local] = /^<?(?:mailto:)?([^\s@]+)@[^\s@]+$/.exec(text.trim()) ?? [];
  const named = (local ?? text).replace(/\([^)]*\)|\S+@\S+/g, ' ').trim();
  // An account is one piece; what has blanks is written like a person's name.
  const isAccount = !/[\s.]/.test(named);
  const words = named
    // "BackupService" is two words.
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
  const hits = words.filter((word) => unsure.test(word)).length;
  return words.some((word) => sure.test(word)) || hits >= (isAccount ? 1 : 2);
}
