import type { RefusalTold } from '../../core/model/refusalTold';
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
export function readRefusal(refused: Refused): RefusalTold {
  return readOpened(opened(refused));
}

export function readOpened(open: Opened): RefusalTold {
  const date = moment(open.headers['date']);
  const clock = date === undefined ? {} : { date };
  for (const shape of shapes) {
    const told = shape(open);
    if (told) return { ...told, ...clock, from: originOf(told.shape, open) };
  }
  return { ...nothing(), ...clock, from: originOf('none', open) };
}
