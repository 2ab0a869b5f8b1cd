import type { RefusalInfo } from '../../core/model/refusalInfo';
import { originOf } from './origin';
import { opened, type Opened, type Refused, type Shape } from './refused';
import { moment } from './values';
import { dav, members } from './shapes/dav';
import { gitLfs, odata, plainJson, problem, terraform } from './shapes/json';
import { nextcloud } from './shapes/nextcloud';
import { office } from './shapes/office';
import { html, nothing, text } from './shapes/prose';
import { adt, azure } from './shapes/vendors';

/** The forms that are known, the surest first; the first that recognises itself reads. */
const shapes: readonly Shape[] = [
  members,
  dav,
  nextcloud,
  office,
  adt,
  azure,
  gitLfs,
  terraform,
  odata,
  problem,
  plainJson,
  html,
  text,
];

/** What a refusal says about the lock in the way. Never throws, whatever the body is. */
export function readRefusal(refused: Refused): RefusalInfo {
  return readOpened(opened(refused));
}

export function readOpened(open: Opened): RefusalInfo {
  const date = moment(open.headers['date']);
  const clock = date === undefined ? {} : { date };
  for (const shape of shapes) {
    const refusal = shape(open);
    if (refusal) return { ...refusal, ...clock, from: originOf(refusal.shape, open) };
  }
  return { ...nothing(), ...clock, from: originOf('none', open) };
}
