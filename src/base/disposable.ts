/** Something that ends when told so; fits `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** Owns what was given to it and ends all of it, last first. What is added after the end ends at once. */
export class Disposables implements Disposable {
  private readonly owned: Disposable[] = [];
  private ended = false;

  add<T extends Disposable>(item: T): T {
    if (this.ended) item.dispose();
    else this.owned.push(item);
    return item;
  }

  dispose(): void {
    this.ended = true;
    for (let item = this.owned.pop(); item; item = this.owned.pop()) item.dispose();
  }
}
