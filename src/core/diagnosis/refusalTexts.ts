import type { RecordedExchange } from '../locks/exchanges';

/** What the texts of refusals speak of. Any server may write any of them, so each is one sign among others. */
export const texts = {
  /** A task that ends by itself keeps writers out. */
  job: /\bmaintenance\b|\bwartung|manutenzione|mantenimiento|\bmigrat(?:ion|ing)\b|\bback-?ups?\b|(?:daten)?sicherung|sauvegarde|archiv\w* (?:job|run|task|process)|(?:job|task|process) (?:is |still )?running|re-?index|\bindexing\b|\brestor(?:e|ing)\b|\bsnapshot|\bupgrad(?:e|ing) in progress|in progress|\bscan(?:ned|ning)\b|antivirus|virus ?scan|read-?only (?:mode )?until/i,
  /** The server itself was busy with the file for a moment. */
  transaction: /FileLocked|LockedException|LockNotAcquired|transaction|lock wait|deadlock/i,
  editing:
    /locked for editing|(?:is |being |currently )edit(?:ing|ed)\b|(?:open(?:ed)?|in use) (?:for \w+ )?by (?:another|an?other|some)/i,
  access:
    /read-?\s?only|permission|(?:access|zugriff) (?:is |was )?(?:denied|verweigert)|not (?:have )?(?:allowed|authori[sz]ed|permitted|access)|(?:do(?:es)?|is|are) not (?:allow|permit)|file type|archived|retention|legal hold|banned|forbidden|blocked by|keine berechtigung|schreibgesch\u00fctzt|aufbewahrungs|acc\u00e8s (?:refus|interdit)|lecture seule|conservation l\u00e9gale|non autoris|acceso denegado|s\u00f3lo lectura|\b(?:account|user)\b[^.]{0,30}\b(?:is|was|has been) (?:locked|disabled|suspended)/i,
  checkout:
    /589941|90075|check(?:ed)?[ -]?out (?:is )?required|must be checked out|lock required|must be locked|cannot-modify-version-controlled-content/i,
  firewall: /firewall|\bWAF\b|blocked|rejected|support id|incident id|ray id|policy/i,
  quota:
    /quota-not-exceeded|sufficient-disk-space|quota (?:is )?(?:exceeded|reached|used up)|insufficient storage/i,
  wrongHandle: /InvalidLockHandle|lockMismatch|lockOwnerMismatch|LeaseIdMismatch/i,
} as const;

/** Whether the reason, a code or the excerpt of the refusal matches. */
export function refusalMatches({ refusal, excerpt }: RecordedExchange, pattern: RegExp): boolean {
  return [refusal?.reason, ...(refusal?.codes ?? []), excerpt].some(
    (text) => text !== undefined && pattern.test(text),
  );
}

export function refusalText({ refusal, excerpt }: RecordedExchange): string {
  return refusal?.reason ?? excerpt ?? '';
}
