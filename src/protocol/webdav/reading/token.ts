import { hash } from 'node:crypto';
import type { LockId } from '../../../core/model/lock';
import { detached } from '../../xml/detached';

/** The fingerprint of a lock token: base64url of SHA-256, cut to 16 characters (96 bits). */
export function lockIdOf(token: string): LockId {
  return detached(hash('sha256', token, 'base64url').slice(0, 16)) as LockId;
}

/** Whether a token is safe to send in a header as exactly one Coded-URL (RFC 4918 section 10.1). */
export function isSendable(token: string): boolean {
  return token.length <= 2048 && /^[!-;=?-~]+$/.test(token);
}
