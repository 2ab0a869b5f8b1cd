import type { Disposable } from './disposable';

/** Subscribes a listener; fits `vscode.Event`, so a core event can be passed to VS Code unchanged. */
export type Event<T> = (
  listener: (value: T) => unknown,
  thisArg?: unknown,
  disposables?: Disposable[],
) => Disposable;

/** The firing side of an {@link Event}. A listener may unsubscribe while an event fires. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => unknown>();

  readonly event: Event<T> = (listener, thisArg, disposables) => {
    // One function per subscription, so that the same listener can subscribe twice.
    const call = (value: T): unknown => listener.call(thisArg, value);
    this.listeners.add(call);
    const subscription = { dispose: () => void this.listeners.delete(call) };
    disposables?.push(subscription);
    return subscription;
  };

  get listenerCount(): number {
    return this.listeners.size;
  }

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}
