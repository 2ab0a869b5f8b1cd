/** What the editor keeps for us by name; fits `vscode.Memento`. */
export interface KeyValueStore {
  get<T>(key: string): T | undefined;
  get<T>(key: string, fallback: T): T;
  update(key: string, value: unknown): PromiseLike<void>;
}
