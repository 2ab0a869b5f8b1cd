import type { RefusalInfo } from '../../core/model/refusalInfo';
import { originOf } from './origin';
import { parseRefusal, type ParsedRefusal, type RefusalResponse, type ShapeReader } from './parsedRefusal';
import { parseMoment } from './values';
import { dav, members } from './shapes/dav';
import { gitLfs, odata, plainJson, problem, terraform } from './shapes/json';
import { nextcloud } from './shapes/nextcloud';
import { office } from './shapes/office';
import { html, nothing, text } from './shapes/prose';
import { adt, azure } from './shapes/vendors';

/** Known shapes, most specific first. The first that matches is used. */
const shapes: readonly ShapeReader[] = [
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

/** Reads what a refusal says about the blocking lock. Never throws, whatever the body contains. */
export function readRefusal(refused: RefusalResponse): RefusalInfo {
  return readParsedRefusal(parseRefusal(refused));
}

export function readParsedRefusal(open: ParsedRefusal): RefusalInfo {
  const date = parseMoment(open.headers['date']);
  const clock = date === undefined ? {} : { date };
  for (const shape of shapes) {
    const refusal = shape(open);
    if (refusal) return { ...refusal, ...clock, from: originOf(refusal.shape, open) };
  }
  return { ...nothing(), ...clock, from: originOf('none', open) };
}
