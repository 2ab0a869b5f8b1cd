declare module 'picomatch' {
  interface Options {
    readonly dot?: boolean;
    readonly noextglob?: boolean;
    readonly windows?: boolean;
  }
  /** Whether a path matches one of the patterns. */
  export default function picomatch(patterns: readonly string[], options: Options): (path: string) => boolean;
}
