import { l10n } from 'vscode';
import type { BadSetting } from '../../core/settings/settings';
import type { Expected } from '../../core/settings/settingValues';
import { plain } from './plainText';

/** What is wrong with a setting, and what to enter instead. */
export function badSettingText({ place, value, expected }: BadSetting): string {
  const setting = plain(place, 80);
  const wrong =
    value === undefined
      ? l10n.t('The setting "lockStatus.{0}" is missing.', setting)
      : l10n.t('The setting "lockStatus.{0}" can’t be {1}.', setting, plain(JSON.stringify(value), 80));
  return `${wrong} ${expectedText(expected)}`;
}

function expectedText(expected: Expected): string {
  if (typeof expected === 'string') return texts[expected]();
  if (expected.kind === 'number') {
    const { unit, least, most } = expected;
    return unit === 'seconds'
      ? l10n.t('Enter a number of seconds from {0} to {1}.', least, most)
      : l10n.t('Enter a number of minutes from {0} to {1}.', least, most);
  }
  return named[expected.kind](expected.names);
}

type Named = Extract<Expected, { readonly names: readonly string[] }>['kind'];

const named: Readonly<Record<Named, (names: readonly string[]) => string>> = {
  choice: (names) => l10n.t('Choose one of these: {0}.', quoted(names)),
  object: (names) => l10n.t('Enter an object with these names: {0}.', quoted(names)),
  partName: (names) => l10n.t('Use only these names: {0}.', quoted(names)),
  variables: (names) => l10n.t('Use only these variables: {0}.', names.map((name) => `{${name}}`).join(', ')),
};

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(', ');
}

const texts: Readonly<Record<Extract<Expected, string>, () => string>> = {
  text: () => l10n.t('Enter a text in quotation marks.'),
  onOrOff: () => l10n.t('Enter true or false.'),
  contact: () => l10n.t('Enter an address such as {0}.', 'mailto:ann@example.org'),
  contacts: () =>
    l10n.t('Enter names and addresses, such as {0}.', '{ "Ann Lee": "mailto:ann@example.org" }'),
  connections: () =>
    l10n.t('Enter a list of servers, such as {0}.', '[{ "url": "https://files.example.org/projects/" }]'),
  webAddress: () =>
    l10n.t('Enter an address such as {0}, without a user name.', 'https://files.example.org/projects/'),
  endpoints: () => l10n.t('Enter an object with a name for each kind of server.'),
  endpointName: () => l10n.t('Enter the name of an entry in "lockStatus.endpoints", or "terraform".'),
  method: () => l10n.t('Enter an HTTP method such as POST.'),
  requestAddress: () => l10n.t('Enter an address that begins with {0}, {1} or https://.', '{url}', '{base}'),
  escapedVariables: () => l10n.t('Write {0} and {1} without +, # or / in front.', '{id}', '{user}'),
  pointer: () => l10n.t('Enter a JSON Pointer such as /items.'),
  value: () =>
    l10n.t(
      'Enter a JSON Pointer such as /lock/id, a comparison such as /kind=dir, or a header such as header:X-Rev.',
    ),
  statuses: () => l10n.t('Enter a list of HTTP status codes such as [409, 423].'),
  texts: () => l10n.t('Enter an object of names and texts.'),
};
