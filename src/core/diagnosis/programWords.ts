import type { Holder } from '../model/lock';

/** Accounts and tools that no person is called by: enough on their own in an account name. */
const tools = new Set(
  (
    'root www data daemon nobody httpd apache nginx tomcat postgres mysql svc cron crond cronjob cronjobs systemd ' +
    'localsystem jenkins hudson gitlab github bamboo teamcity buildbot buildkite travis circleci argocd kubernetes ' +
    'rsync robocopy rclone restic borg bacula bareos veeam commvault duplicity syncthing celery sidekiq airflow ' +
    'terraform opentofu ansible puppet backup backups migration migrator migrate migrating sync syncer syncing ' +
    'synchronizer synchronization indexer indexing scanner scanning antivirus clamav snapshot snapshots nightly'
  ).split(' '),
);
/** Words for what programs do, which may also be a person's or a department's name. */
const duties = new Set(
  (
    'index scan virus bot bots service services system ci cd batch job jobs account agent worker workers server ' +
    'runner scheduler pipeline build builder deploy deployer export exporter import importer archive archiver ' +
    'mirror replication cleanup task tasks process automation script monitor crawler integration'
  ).split(' '),
);
/** Words that say nothing of who it is. */
const fillers = new Set(
  'the a an of for at on in by to and run daily weekly monthly hourly night file files project document documents id no'.split(
    ' ',
  ),
);

/** The holder's name or program if it reads like a program; else undefined. */
export function programWords({ name, app }: Pick<Holder, 'name' | 'app'>): string | undefined {
  return [name, app].find((text) => text !== undefined && isProgram(text));
}

/** Whether a person is named, as far as names tell. */
export function isNamedPerson({ name }: Pick<Holder, 'name'>): boolean {
  return name !== undefined && name !== '' && !isProgram(name);
}

/** Longer text is no name, and matching it would be slow. */
const maxLength = 255;

/**
 * Reads the whole text. An account name is a program's by one word; in anything that looks like a person's name, one
 * such word is a family name, and only a second one makes it a program.
 */
function isProgram(whole: string): boolean {
  const text = whole.slice(0, maxLength);
  // An email address's domain is a place of work, and text in parentheses is a role.
  const [, local] = /^<?(?:mailto:)?([^\s@]+)@[^\s@]+$/.exec(text.trim()) ?? [];
  const account = /^[\w.-]+[\\/]([^\s\\/]+)$/.exec(local ?? text.trim())?.[1];
  const named = (account ?? local ?? text).replace(/\([^)]*\)|\S+@\S+/g, ' ').trim();
  // Machine accounts of a Windows domain end so.
  if (/^[\w-]+\$$/.test(named)) return true;
  const words = wordsOf(named);
  const toolHits = words.filter((word) => tools.has(word)).length;
  const hits = toolHits + words.filter((word) => duties.has(word)).length;
  const others = words.filter((word) => !tools.has(word) && !duties.has(word) && !fillers.has(word)).length;
  if (hits === 0) return false;
  if (others === 0) return true;
  // An account name has no spaces or dots; text with them is written like a person's name.
  if (!/[\s.]/.test(named)) return true;
  return looksPersonal(named) ? hits >= 2 && hits > others : hits >= 2 || (toolHits >= 1 && others <= 1);
}

function wordsOf(text: string): string[] {
  return (
    text
      // "BackupService" is two words.
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^\p{L}]+/u)
      .filter((word) => word !== '')
  );
}

/** `Ann Lee`, `Lee, Ann B.`, `Dr. Ann van Lee` or `ann.lee`. */
function looksPersonal(text: string): boolean {
  if (/\d/.test(text)) return false;
  if (/^[\p{L}-]+(?:\.[\p{L}-]+)+$/u.test(text)) return true;
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const isName = (word: string) =>
    /^\p{Lu}[\p{L}’'.-]*$/u.test(word) || /^(?:van|von|de|da|der|den|le|la|bin|al)$/.test(word);
  return words.length >= 2 && words.length <= 5 && words.every(isName);
}
