import type { Holder } from '../model/lock';

/** Words that are never a person's name. */
const sure =
  /^(?:backups?|migrat(?:ion|or|e|ing)|sync(?:er|ing|s|hroni[sz]\w*)?|indexer|indexing|scann(?:er|ing)|antivirus|snapshots?|cron|cronjobs?|svc|daemon)$/;
/** Words that may also be a person's or a department's name. */
const unsure = /^(?:index|scan|virus|bots?|services?|system|ci|batch|jobs?|account|agent|worker|server)$/;

/** The holder's name or program if it sounds like an automatic program; else undefined. */
export function programWords({ name, app }: Pick<Holder, 'name' | 'app'>): string | undefined {
  return [name, app].find((text) => text !== undefined && isProgram(text));
}

/** Longer text is no name, and matching it would be slow. */
const maxLength = 255;

function isProgram(whole: string): boolean {
  const text = whole.slice(0, maxLength);
  // An email address's domain is a place of work, and text in parentheses is a role.
  const [, local] = /^<?(?:mailto:)?([^\s@]+)@[^\s@]+$/.exec(text.trim()) ?? [];
  const named = (local ?? text).replace(/\([^)]*\)|\S+@\S+/g, ' ').trim();
  // An account name has no spaces or dots; text with them is written like a person's name.
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
