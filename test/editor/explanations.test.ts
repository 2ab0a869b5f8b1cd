// When the page of an explanation is computed.
import assert from 'node:assert/strict';
import { Disposable, Uri, window } from 'vscode';
import { Emitter } from '../../src/base/emitter';
import type { Facts } from '../../src/core/diagnosis/facts';
import { resourceId, type ResourceId } from '../../src/core/model/resource';
import { Explanations } from '../../src/editor/explain/explanations';
import { FakeClock } from '../support/core/fakeClock';
import { contextByHand } from './contextByHand';

const resource = resourceId('https://dav.example/report.md');

describe('The page of an explanation', () => {
  it('is computed once for all facts that change together', async () => {
    const clock = new FakeClock();
    const changed = new Emitter<ResourceId>();
    let computed = 0;
    const facts = (): Facts => {
      computed += 1;
      return {
        resource,
        now: clock.now(),
        state: { kind: 'unknown', why: 'notAsked' },
        listingSupport: 'unproven',
        history: { locks: [], changes: [], attempts: [] },
        exchanges: [],
        leases: [],
        content: 'unknown',
      };
    };
    const diagnosisService = {
      onDidChange: changed.event,
      facts,
      requestFacts: () => Promise.resolve(),
    };
    // The extension itself has one already.
    const { registerWebviewPanelSerializer } = window;
    window.registerWebviewPanelSerializer = () => new Disposable(() => undefined);
    const directory = { cached: () => undefined };
    const explanations = new Explanations(
      Uri.file(process.cwd()),
      contextByHand({ clock, diagnosisService, directory }),
    );
    try {
      await explanations.show(resource);
      computed = 0;
      for (let change = 0; change < 10; change++) changed.fire(resource);
      await clock.pass(0);
      assert.equal(computed, 1);
    } finally {
      explanations.dispose();
      window.registerWebviewPanelSerializer = registerWebviewPanelSerializer;
    }
  });
});
