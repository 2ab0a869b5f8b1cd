/** One challenge of a `WWW-Authenticate`: scheme and parameter names in lower case, values unquoted. */
export interface Challenge {
  readonly scheme: string;
  readonly params: ReadonlyMap<string, string>;
}

/** More than all headers of an answer together may have. */
const mostChars = 16 * 1024;

const gap = /[\s,]*/y;
const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const equals = /[ \t]*=[ \t]*/y;
const quoted = /"((?:[^"\\]|\\.)*)"/sy;
const token68 = /[ \t]+[A-Za-z0-9\-._~+/]+=*[ \t]*(?=,|$)/y;

/**
 * The challenges of a `WWW-Authenticate` (RFC 9110 section 11.6.1), in their order. Commas separate both challenges and
 * parameters, so a name followed by `=` belongs to the challenge before it. Reading stops at anything else.
 */
export function parseChallenges(whole: string): Challenge[] {
  const header = whole.slice(0, mostChars);
  const challenges: { scheme: string; params: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(header) ?? undefined;
    if (match) at = pattern.lastIndex;
    return match;
  };
  for (take(gap); at < header.length; take(gap)) {
    const name = take(token)?.[0].toLowerCase();
    if (name === undefined) break;
    if (!take(equals)) {
      challenges.push({ scheme: name, params: new Map() });
      take(token68);
      continue;
    }
    const text = take(quoted)?.[1]?.replace(/\\(.)/gs, '$1') ?? take(token)?.[0];
    const params = challenges.at(-1)?.params;
    if (text === undefined || !params) break;
    if (!params.has(name)) params.set(name, text);
  }
  return challenges;
}

const mostMethods = 4;

/** The schemes as people know them, with what makes a Digest one that is not understood. */
export function methodsIn(challenges: readonly Challenge[]): string[] {
  const names = challenges.map(({ scheme, params }) => {
    if (scheme === 'digest')
      return `Digest ${params.get('algorithm') ?? ''} ${params.get('qop') ?? ''}`.replace(/\s+/g, ' ').trim();
    return scheme === 'ntlm' ? 'NTLM' : scheme.charAt(0).toUpperCase() + scheme.slice(1);
  });
  return [...new Set(names)].slice(0, mostMethods).map((name) => name.slice(0, 60));
}
