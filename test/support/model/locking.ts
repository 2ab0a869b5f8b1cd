// LOCK and UNLOCK of the model server (RFC 4918 sections 9.10 and 9.11).
import type { ResourceId } from '../../../src/core/model/resource';
import type { ModelLock, ModelServer } from '../core/modelServer';
import type { WireHabits } from './habits';
import { activeLock } from './listings';
import { type Asked, ifLists, type Said, say } from './request';

type Model = ModelServer<WireHabits>;

export function answerLock(model: Model, asked: Asked): Said {
  return asked.body.length === 0 ? refresh(model, asked) : take(model, asked);
}

export function answerUnlock(model: Model, { resource, headers, by }: Asked): Said {
  const token = /<([^>]*)>/.exec(headers['lock-token'] ?? '')?.[1];
  const lock = model.lockOn(resource);
  if (!lock || lock.token !== token) return say(model.habits.unlockOfLost === 'accepted' ? 204 : 409);
  if (lock.who !== by.who) return say(403);
  end(model, resource);
  return say(204);
}

/** A lock-null resource is gone with its lock. */
function end(model: Model, resource: ResourceId): void {
  model.locks.delete(resource);
}

function take(model: Model, asked: Asked): Said {
  const { habits } = model;
  const { resource, headers, body, by } = asked;
  const isMissing = !model.files.has(resource);
  if (isMissing && headers['if-match'] === '*' && habits.checksLockCondition) return say(412);
  if (isMissing && habits.lockOfMissing === 'refused') return say(404);
  if (model.lockOn(resource)) return say(habits.refusal === 412 ? 412 : 423);
  const owner = /<D:owner>([\s\S]*?)<\/D:owner>/.exec(new TextDecoder().decode(body))?.[1] ?? '';
  const isMade = isMissing && habits.lockOfMissing === 'file';
  if (isMade) model.store(resource, new Uint8Array(), { who: by.who, locked: true, made: true });
  const seconds = Number(/Second-(\d+)/.exec(headers['timeout'] ?? '')?.[1] ?? 600);
  const lock: ModelLock = {
    token: model.nextToken(),
    who: by.who,
    window: by.window,
    owner: unescaped(owner),
    ends: model.endOf(seconds),
  };
  model.locks.set(resource, lock);
  model.unheard.add(lock.token);
  return granted(model, asked, lock, isMade ? 201 : 200);
}

function refresh(model: Model, asked: Asked): Said {
  const { habits } = model;
  const { resource, headers, by } = asked;
  const tokens = ifLists(asked).flatMap((list) => list.tokens);
  const seconds = Number(/Second-(\d+)/.exec(headers['timeout'] ?? '')?.[1] ?? 600);
  const lock = model.lockOn(resource);
  if (lock && tokens.includes(lock.token)) {
    lock.ends = model.endOf(seconds);
    return granted(model, asked, lock, 200);
  }
  const [token = ''] = tokens;
  const unreal: ModelLock = { token, who: by.who, window: by.window, owner: '', ends: model.endOf(seconds) };
  if (habits.refreshOfLost === 'echoed') return granted(model, asked, unreal, 200);
  if (lock || habits.refreshOfLost === 'refused' || !model.files.has(resource)) return say(412);
  const fresh = { ...unreal, token: model.nextToken() };
  model.locks.set(resource, fresh);
  model.unheard.add(fresh.token);
  return granted(model, asked, fresh, 200);
}

function granted(model: Model, { resource, by }: Asked, lock: ModelLock, status: number): Said {
  const shown = activeLock(model, { resource, lock, reader: by, granted: true });
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<D:prop xmlns:D="DAV:"><D:lockdiscovery>${shown}</D:lockdiscovery></D:prop>`;
  return say(status, { 'content-type': 'application/xml', 'lock-token': `<${lock.token}>` }, body);
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
