import type { Disposable } from './disposable';

/** Subscribes a listener; fits `vscode.Event`, so a core event can be handed to the editor as it is. */
export type Event<T> = (
  listener: (value: T) => unknown,
  thisArg?: unknown,
  disposables?: Disposable[],
) => Disposable;

/** The sending side of an {@link Event}. A listener may leave while an event is being sent. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => unknown>();

  readonly event: Event<T> = (listener, thisArg, disposables) => {
    // A fresh function per subscription: the same listener may subscribe twice.
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
