// What a document rests on: the read that it shows, whoever else has read the file since.
import assert from 'node:assert/strict';
import { bytesOf, file, textOf } from '../../../support/core/files';
import { FakeClock } from '../../../support/core/fakeClock';
import { goodHabits, ModelServer } from '../../../support/core/modelServer';
import { Person } from '../../../support/core/person';

const a = file('a');

async function given() {
  const clock = new FakeClock();
  const server = new ModelServer(clock, goodHabits);
  server.put(a, 'one');
  const ann = new Person('ann', server, clock, { lockOn: 'manual' });
  await ann.open(a);
  /** As another extension does, or a search. */
  const readElsewhere = async () =>
    ann.baseVersions.read(a, { ...(await ann.client.read(a)), certain: true });
  return { server, ann, readElsewhere };
}

describe('The text of a document', () => {
  it('does not rest on what another extension has read since, also where it is told to be shown again', async () => {
    const { server, ann, readElsewhere } = await given();
    server.put(a, 'two, by bob');
    await readElsewhere();
    // With the first keystroke VS Code tells of a change before it tells that the text is unsaved.
    ann.show(a);
    ann.type(a, 'mine');
    assert.equal(await ann.save(a), false);
    assert.equal(ann.blockedSaves.of(a)?.failure.kind, 'contentChanged');
    assert.equal(server.text(a), 'two, by bob');
  });

  it('rests on the read that it was made from, where another came between', async () => {
    const { server, ann, readElsewhere } = await given();
    ann.close(a);
    await ann.open(a, async () => {
      server.put(a, 'two, by bob');
      await readElsewhere();
    });
    assert.equal(ann.text(a), 'one');
    assert.equal(textOf(ann.baseVersions.shownOf(a)?.bytes), 'one');
  });

  it('of a coding that cannot be told rests on the last read, as long as it rests on nothing', async () => {
    const { ann } = await given();
    ann.baseVersions.closed(a);
    await ann.client.read(a).then((content) => ann.baseVersions.read(a, { ...content, certain: true }));
    const set = new Promise<void>((resolve) => ann.baseVersions.onDidChangeShown(() => resolve()));
    ann.show(a, () => Promise.resolve(false));
    await set;
    assert.equal(textOf(ann.baseVersions.shownOf(a)?.bytes), 'one');
  });

  it('that is restored unsaved does not rest on what another extension has read', async () => {
    const { ann, readElsewhere } = await given();
    ann.baseVersions.closed(a);
    await readElsewhere();
    ann.type(a, 'restored');
    let answer = (_: boolean) => undefined as void;
    const compared = new Promise<boolean>((resolve) => (answer = resolve));
    ann.show(a, () => compared);
    answer(false);
    await compared;
    await new Promise(setImmediate);
    assert.equal(ann.baseVersions.shownOf(a), undefined);
  });

  it('that was saved while it was compared rests on what was saved', async () => {
    const { ann, readElsewhere } = await given();
    await readElsewhere();
    let tell = (_: boolean) => undefined as void;
    ann.show(a, () => new Promise((resolve) => (tell = resolve)));
    ann.type(a, 'mine');
    assert.equal(await ann.save(a), true);
    tell(true);
    await Promise.resolve();
    assert.deepEqual(ann.baseVersions.shownOf(a)?.bytes, bytesOf('mine'));
  });
});
