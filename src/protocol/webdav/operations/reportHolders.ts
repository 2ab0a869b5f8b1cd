import { isFailure } from '../../../core/model/failure';
import { parentOf, type ResourceId } from '../../../core/model/resource';
import type { HttpAnswer } from '../../transport/http';
import type { WebdavClient } from '../client';
import type { RawLock } from '../reading/raw';
import { holderInHeaders } from '../reportedHolders';
import { locksReport, type ReportedLock } from './locking/locksReport';

/** The locks listed on one resource. */
export interface LockedResource {
  readonly resource: ResourceId;
  readonly locks: readonly RawLock[];
}

/**
 * Adds to the locks that an answer lists who holds them, where the server reports that beside its locks: in a header of
 * an answer about one lock, else in one report on all locks of the repository. Each lock is asked about once.
 */
export async function reportHolders(
  client: WebdavClient,
  answer: HttpAnswer,
  folder: ResourceId,
  locked: readonly LockedResource[],
): Promise<void> {
  const { holders } = client;
  if (!holders.tells) return;
  const listed = locked.flatMap(({ locks }) => locks);
  const [only] = listed;
  // With several locks, the header is about any one of them.
  if (listed.length === 1 && only?.token !== undefined) {
    const holder = holderInHeaders(answer.headers);
    if (holder) holders.remember(only.token, holder);
  }
  const isUnknown = () => listed.some(({ token }) => token !== undefined && !holders.knows(token));
  if (isUnknown() && !holders.isReportRefused)
    await holders.inTurn(async () => {
      if (isUnknown()) await askAll(client, folder, locked);
    });
  for (const lock of listed) {
    lock.isCommented = true;
    const reported = lock.token === undefined ? undefined : holders.of(lock.token);
    lock.account = reported?.account;
    lock.since ??= reported?.since;
  }
}

/** Failures are no reason to reject the listing: its locks are locks without a known holder. */
async function askAll(
  client: WebdavClient,
  folder: ResourceId,
  locked: readonly LockedResource[],
): Promise<void> {
  const { holders } = client;
  try {
    const reported = await locksReport(client, holders.root ?? folder);
    for (const { token, holder } of reported) holders.remember(token, holder);
    holders.root ??= rootIn(reported, locked);
    // A lock that ended meanwhile is in no report.
    for (const { token } of locked.flatMap(({ locks }) => locks))
      if (token !== undefined && !holders.knows(token)) holders.remember(token, undefined);
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (error.status !== undefined && error.status >= 400 && error.status < 500)
      holders.isReportRefused = true;
  }
}

/** Where the repository begins: a report names its locks by their paths from there. */
function rootIn(
  reported: readonly ReportedLock[],
  locked: readonly LockedResource[],
): ResourceId | undefined {
  const places = new Map(reported.map(({ token, path }) => [token, path]));
  for (const { resource, locks } of locked) {
    const path = locks.map(({ token }) => places.get(token ?? '')).find((known) => known !== undefined);
    if (path === undefined) continue;
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .reduce<ResourceId | undefined>((at) => at && parentOf(at), resource);
  }
  return undefined;
}
