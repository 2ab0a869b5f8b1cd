// Subversion's own client as the other party: what somebody with a working copy does.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { discard, scratchFolder } from './servers/scratch';
import type { Account } from './servers/server';

export class SvnClient {
  /** The folder with the working copy, after `checkOut`. */
  readonly folder = scratchFolder('svn-client');

  constructor(
    private readonly url: string,
    private readonly account: Account,
  ) {}

  lock(file: string, comment: string, ...options: readonly string[]): void {
    this.svn(['lock', '-m', comment, ...options, this.url + file]);
  }

  unlock(file: string, ...options: readonly string[]): void {
    this.svn(['unlock', ...options, this.url + file]);
  }

  /** The working copy's own path of a file. */
  at(file: string): string {
    return path.join(this.folder, 'copy', file);
  }

  checkOut(): void {
    this.svn(['checkout', this.url, path.join(this.folder, 'copy')]);
  }

  /** Any other command; throws what Subversion says if it fails. */
  svn(args: readonly string[]): string {
    const { user, password } = this.account;
    const sign = ['--non-interactive', '--no-auth-cache', '--username', user, '--password', password];
    const config = ['--config-dir', path.join(this.folder, 'config')];
    return execFileSync('/usr/bin/svn', [...args, ...sign, ...config], { encoding: 'utf8', stdio: 'pipe' });
  }

  close(): void {
    discard(this.folder);
  }
}
