import { BlockList, isIP } from 'node:net';

/**
 * Whether `http.noProxy` keeps an address from the proxy, by VS Code's rules: a domain covers itself and all below it,
 * with or without `.` or `*.` before it; a port after it limits it to that port; a network such as `10.0.0.0/8` covers
 * the addresses in it; `*` covers all.
 */
export function isExempt(rules: readonly string[], origin: string): boolean {
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return rules.some((rule) => {
    const { name, port: only } = split(rule.trim().toLowerCase());
    return (only === undefined || only === port) && covers(name, host);
  });
}

/** `host:port`, `[address]:port`, or either without a port; an IPv6 address without brackets has none. */
function split(rule: string): { name: string; port?: string | undefined } {
  if (isIP(rule) === 6 || /^[0-9a-f:.]+:[0-9a-f:.]*\/\d+$/.test(rule)) return { name: rule };
  const [, bracketed, name = bracketed ?? '', port] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(rule) ?? [];
  return { name, port };
}

function covers(rule: string, host: string): boolean {
  if (rule === '*') return true;
  const [network = '', bits, ...more] = rule.split('/');
  if (bits !== undefined) return more.length === 0 && isInNetwork(host, network, bits);
  if (isIP(host) !== 0) return isInNetwork(host, rule, isIP(host) === 4 ? '32' : '128');
  const domain = rule.replace(/^\*?\./, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

function isInNetwork(host: string, network: string, bits: string): boolean {
  const [family, own] = [isIP(network), isIP(host)];
  const length = /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity;
  if (family === 0 || own !== family || length > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, length, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
