// The model server as it is on the wire: one request in, one answer out, by its habits.
import { parentOf, resourceId, type ResourceId } from '../../../src/core/model/resource';
import type { ModelServer } from '../core/modelServer';
import type { WireHabits } from './habits';
import { answerLock, answerUnlock } from './locking';
import { dateOf, entry, inHeader, multistatus, tagOf } from './listings';
import { type Asked, ifLists, type Outcome, type Said, say } from './request';

const cacheMs = 60_000;

export class WireServer {
  private readonly cached = new Map<ResourceId, { readonly said: Said; readonly at: number }>();
  /** How often a request ended the process. */
  deaths = 0;

  constructor(readonly model: ModelServer<WireHabits>) {}

  answer(asked: Asked): Outcome {
    const { habits, clock } = this.model;
    if (this.diesOf(asked)) {
      this.deaths += 1;
      this.model.restart();
      return 'died';
    }
    const said = this.dispatch(asked);
    const isWrite = ['PUT', 'DELETE', 'MOVE'].includes(asked.method);
    const told = isWrite && said.status >= 400 ? this.failed(said) : said;
    return { ...told, headers: { ...told.headers, date: dateOf(clock.now().wall), ...namesOf(habits) } };
  }

  /** How a refusal or a fault reaches the client: a gateway may call anything a success. */
  failed(said: Said): Said {
    const json = { 'content-type': 'application/json' };
    switch (this.model.habits.errors) {
      case 'plain':
        return said;
      case 'html 200':
        return say(200, { 'content-type': 'text/html' }, `<html>Error ${said.status}</html>`);
      case 'json 200':
        return say(200, json, `{"error":${said.status}}`);
      case 'json 200 with a tag':
        return say(200, { ...json, etag: `"gateway-${this.model.nextToken()}"` }, `{"error":${said.status}}`);
    }
  }

  private diesOf(asked: Asked): boolean {
    const { ifForms } = this.model.habits;
    return (
      ifForms === 'dies of untagged' && asked.method === 'PUT' && ifLists(asked).some(({ tagged }) => !tagged)
    );
  }

  private dispatch(asked: Asked): Said {
    switch (asked.method) {
      case 'OPTIONS':
        return say(200, {
          dav: '1, 2',
          allow: 'OPTIONS, GET, HEAD, PUT, DELETE, MOVE, PROPFIND, LOCK, UNLOCK',
        });
      case 'PROPFIND':
        return this.propfind(asked);
      case 'GET':
      case 'HEAD':
        return this.get(asked);
      case 'PUT':
        return this.put(asked);
      case 'DELETE':
        return this.delete(asked);
      case 'MOVE':
        return this.move(asked);
      case 'LOCK':
        return answerLock(this.model, asked);
      case 'UNLOCK':
        return answerUnlock(this.model, asked);
      default:
        return say(405);
    }
  }

  private propfind({ resource, headers, by }: Asked): Said {
    const { model } = this;
    if (!model.files.has(resource) && !model.isFolder(resource)) return say(404);
    const members =
      headers['depth'] === '1' ? [...model.files.keys()].filter((id) => parentOf(id) === resource) : [];
    const body = multistatus([resource, ...members].map((id) => entry(model, id, by)));
    return say(207, { 'content-type': 'application/xml; charset=utf-8' }, body);
  }

  private get({ method, resource, headers }: Asked): Said {
    const { model } = this;
    const now = model.clock.now().mono;
    const kept = this.cached.get(resource);
    const mayKeep = model.habits.cachesGet && method === 'GET';
    if (mayKeep && kept && kept.at + cacheMs > now && !/no-cache/.test(headers['cache-control'] ?? ''))
      return kept.said;
    const file = model.files.get(resource);
    if (!file) return say(404);
    const tag = tagOf(model, resource);
    const said = say(
      200,
      {
        'content-length': `${file.bytes.length}`,
        'last-modified': dateOf(file.modified),
        ...(tag !== undefined && { etag: inHeader(tag) }),
      },
      method === 'HEAD' ? '' : file.bytes,
    );
    if (mayKeep) this.cached.set(resource, { said, at: now });
    return said;
  }

  private put(asked: Asked): Said {
    const { model } = this;
    const { habits } = model;
    const { resource, by } = asked;
    const refused = this.refusedBy(asked, [resource]);
    if (refused) return refused;
    const isNew = !model.files.has(resource);
    const lock = model.lockOn(resource);
    const locked = lock?.who === by.who && tokensOf(asked).includes(lock.token);
    const isCondition = 'if-match' in asked.headers || 'if-none-match' in asked.headers;
    // A condition is worth what the tags are.
    const checked =
      habits.honorsIfMatch && isCondition && (isNew || ['strong', 'young'].includes(habits.tags));
    model.store(resource, asked.body, { who: by.who, locked, checked, attempted: 'if' in asked.headers });
    const tag = habits.tellsTag ? tagOf(model, resource) : undefined;
    const headers = tag === undefined ? {} : { etag: inHeader(tag) };
    if (isNew) return say(201, headers);
    const types = { 'html 200': 'text/html', 'json 200': 'application/json' };
    if (habits.success === 'html 200' || habits.success === 'json 200')
      return say(200, { ...headers, 'content-type': types[habits.success] }, 'done');
    return say(Number(habits.success), headers);
  }

  private delete(asked: Asked): Said {
    const { model } = this;
    const { resource } = asked;
    if (!model.files.has(resource)) return say(404);
    const refused = this.refusedBy(asked, [resource]);
    if (refused) return refused;
    this.take(resource);
    return say(204);
  }

  private move(asked: Asked): Said {
    const { model } = this;
    const { resource, headers, by } = asked;
    const to = resourceId(headers['destination'] ?? '');
    const file = model.files.get(resource);
    if (!file) return say(404);
    if (model.lockOn(resource) && !model.habits.movesLocked) return say(412);
    if (model.files.has(to) && headers['overwrite'] === 'F') return say(412);
    const refused = this.refusedBy(asked, [resource, to]);
    if (refused) return refused;
    this.take(resource);
    model.store(to, file.bytes, { who: by.who, locked: false, moved: true });
    return say(201);
  }

  private take(resource: ResourceId): void {
    const { model } = this;
    model.remove(resource);
    this.cached.delete(resource);
    if (!model.habits.locksOutlive) model.locks.delete(resource);
  }

  /** RFC 9110 section 13 first, then the If header, then the locks. */
  private refusedBy(asked: Asked, changed: readonly ResourceId[]): Said | undefined {
    const { model } = this;
    const { habits } = model;
    const { headers, resource } = asked;
    const tag = tagOf(model, resource);
    if (habits.honorsIfMatch && asked.method !== 'MOVE') {
      const wanted = headers['if-match'];
      const isStrong = tag !== undefined && !tag.startsWith('W/');
      if (wanted === '*' && !model.files.has(resource)) return say(412);
      if (wanted !== undefined && wanted !== '*' && !(isStrong && inHeader(tag) === wanted)) return say(412);
      if (headers['if-none-match'] === '*' && model.files.has(resource)) return say(412);
    }
    const tokens = tokensOf(asked);
    const blocked = changed.some((id) => this.blocks(id, asked, tokens));
    if (blocked) return say(habits.refusal);
    const lists = ifLists(asked);
    const isTrue = lists.some(
      (list) => this.reads(list.tagged) && list.tokens.includes(model.lockOn(list.resource)?.token ?? ''),
    );
    return lists.length > 0 && !isTrue && habits.lostTokens === 'refused' ? say(412) : undefined;
  }

  private blocks(id: ResourceId, { by, ...asked }: Asked, tokens: readonly string[]): boolean {
    const { habits } = this.model;
    const lock = this.model.lockOn(id);
    if (!lock || habits.enforces === false) return false;
    if (habits.lockByUser && lock.who === by.who) return false;
    const submitted = ifLists({ by, ...asked }).filter(({ tagged }) => this.reads(tagged));
    const understood = submitted.flatMap((list) => list.tokens);
    return !(tokens.includes(lock.token) && understood.includes(lock.token));
  }

  private reads(tagged: boolean): boolean {
    const { ifForms } = this.model.habits;
    if (ifForms === 'tagged') return tagged;
    return ifForms === 'untagged' ? !tagged : true;
  }
}

function tokensOf(asked: Asked): readonly string[] {
  return ifLists(asked).flatMap(({ tokens }) => tokens);
}

function namesOf({ name }: WireHabits): Record<string, string> {
  if (name === 'sabre') return { 'x-sabre-version': '4.0' };
  return name === 'nobody' ? {} : { server: `${name}/1.0` };
}
