/** Anything that can be disposed; fits `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables and disposes them last first; an item added after disposal is disposed immediately. */
export class Disposables implements Disposable {
  private readonly owned: Disposable[] = [];
  private disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.disposed) item.dispose();
    else this.owned.push(item);
    return item;
  }

  dispose(): void {
    this.disposed = true;
    for (let item = this.owned.pop(); item; item = this.owned.pop()) item.dispose();
  }
}

/** What owns disposables and ends with them. */
export abstract class Owner implements Disposable {
  protected readonly owned = new Disposables();

  dispose(): void {
    this.owned.dispose();
  }
}
