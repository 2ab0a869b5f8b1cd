import type { ReadRefusal, RefusalInfo, RefusalResponse } from '../../core/model/refusalInfo';
import { excerptOf } from './excerpt';
import { originOf } from './origin';
import { parseRefusal, type ParsedRefusal, type RefusalReading, type ShapeReader } from './parsedRefusal';
import { parseMoment } from './values';
import { dav, looseDav, members } from './shapes/dav';
import { gitLfs, odata, plainJson, problem, terraform } from './shapes/json';
import { nextcloud } from './shapes/nextcloud';
import { office } from './shapes/office';
import { html, nothing, text } from './shapes/prose';
import { adt, azure } from './shapes/vendors';

/** Known shapes, most specific first. The first that matches is used. */
const shapes: readonly ShapeReader[] = [
  members,
  dav,
  looseDav,
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

/**
 * Reads what a refusal says about the blocking lock, once. Never throws, whatever the body contains. `secretFields`: the
 * names of fields that hold a lock's id by the settings of this server.
 */
export function readRefusal(refused: RefusalResponse, secretFields?: ReadonlySet<string>): ReadRefusal {
  const parsed = parseRefusal(refused);
  const excerpt = excerptOf(parsed, secretFields);
  return { info: infoOf(parsed), ...(excerpt && { excerpt }) };
}

function infoOf(parsed: ParsedRefusal): RefusalInfo {
  const date = parseMoment(parsed.headers['date']);
  const reading = readingOf(parsed);
  return { ...reading, ...(date !== undefined && { date }), from: originOf(reading.shape, parsed) };
}

function readingOf(parsed: ParsedRefusal): RefusalReading {
  for (const shape of shapes) {
    const reading = shape(parsed);
    if (reading) return reading.reason === undefined ? { ...office(parsed), ...reading } : reading;
  }
  return nothing();
}
