// package.json and its English texts.
import { readText } from './sources';

interface Clause {
  readonly command?: string;
  readonly view?: string;
  readonly when?: string;
  readonly group?: string;
}
interface Property {
  readonly type: string;
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly enumItemLabels?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly scope?: string;
  readonly order?: number;
  readonly markdownDescription?: string;
  readonly items?: { readonly properties: Readonly<Record<string, unknown>> };
}
interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly {
      command: string;
      title: string;
      category: string;
      icon?: string;
      enablement?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly Clause[]>>;
    readonly views: Readonly<Record<string, readonly { id: string; when?: string }[]>>;
    readonly viewsWelcome: readonly (Clause & { contents: string })[];
    readonly walkthroughs: readonly {
      steps: readonly {
        description: string;
        media: { svg: string };
        completionEvents: readonly string[];
      }[];
    }[];
    readonly colors: readonly { id: string; defaults: Readonly<Record<string, string>> }[];
    readonly languageModelTools: readonly { name: string; when?: string }[];
    readonly configuration: readonly {
      readonly title: string;
      readonly order: number;
      readonly properties: Readonly<Record<string, Property>>;
    }[];
  };
}

export const rawManifest = readText('package.json');
export const { contributes, ...manifest } = JSON.parse(rawManifest) as Manifest;
export const nls = JSON.parse(readText('package.nls.json')) as Readonly<Record<string, string>>;

export const settings = Object.assign(
  {},
  ...contributes.configuration.map(({ properties }) => properties),
) as Readonly<Record<string, Property>>;

/** The text for its key. */
export function worded(text: string): string {
  return text.replace(/^%(.+)%$/, (_, key: string) => nls[key] ?? '');
}
