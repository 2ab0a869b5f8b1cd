import { beginning } from '../../../core/model/plainLine';
import { namespaces, nextcloudLockProps, type NextcloudLockProp } from '../../xml/names';
import { rawLock, rawProps, rawResponse, mergedProps, type RawResponse } from './raw';
import { Memo } from './memo';
import { parseStatus } from './status';
import { tooLarge, XmlError, type XmlSink } from '../../xml/xml';

/** The reader's place in the document. `skip`: an unknown element, ignored with its content (section 17). */
type At =
  | 'document'
  | 'multistatus'
  | 'response'
  | 'propstat'
  | 'prop'
  | 'resourcetype'
  | 'supportedlock'
  | 'lockdiscovery'
  | 'activelock'
  | 'lockscope'
  | 'locktoken'
  | 'lockroot'
  | 'owner'
  | 'ownerPart'
  | 'error'
  | 'condition'
  | 'text'
  | 'skip';

const textCap = 64 * 1024;
const ownerCap = 4096;
const hrefCap = 32;
const lockCap = 256;
/** Maximum number of locks in one response, at about half a kilobyte each. */
const allLocksCap = 100_000;
/** URLs are usually limited to 2,000 UTF-16 units, each of which may be percent-encoded as nine characters. */
const maxHref = 20 * 1024;

/**
 * Reads the two documents that contain locks as a stream: `multistatus` (RFC 4918 section 14.16), reported
 * response by response, and the bare `prop` of a LOCK response (section 9.10.1), reported as one response without
 * href.
 */
export class MultistatusReader implements XmlSink {
  /** The server family whose namespace is declared, which identifies it even behind a proxy. */
  family: 'modDavFs' | 'lighttpd' | 'subversion' | undefined;
  readonly #onResponse: (response: RawResponse) => void;
  readonly #path: At[] = ['document'];
  #response = rawResponse();
  #props = rawProps();
  #status: number | undefined;
  #lock = rawLock();
  #locks = 0;
  /** A propstat of the response says that its locks are unknown. */
  #locksRefused = false;
  /** The text collected so far for the current element, and the callback that receives it. */
  #text = '';
  #onText: ((text: string) => unknown) | undefined;

  readonly #statuses = new Memo(parseStatus);

  /** Callbacks for frequent elements, created once rather than per element. */
  readonly #setters = {
    href: (text: string) => {
      if (text.length <= maxHref) this.#response.hrefs.push(text);
    },
    status: (text: string) => (this.#status = this.#statuses.of(text, text)),
    getcontentlength: (text: string) => (this.#props.length = text),
    getlastmodified: (text: string) => (this.#props.modified = text),
    creationdate: (text: string) => (this.#props.created = text),
    getetag: (text: string) => (this.#props.etag = text),
    depth: (text: string) => (this.#lock.depth = text),
    timeout: (text: string) => (this.#lock.timeout = text),
    token: (text: string) => (this.#lock.token = text),
    root: (text: string) => {
      if (text.length <= maxHref) this.#lock.root = text;
    },
  };

  constructor(onResponse: (response: RawResponse) => void) {
    this.#onResponse = onResponse;
  }

  declares(namespace: string): void {
    if (namespace === namespaces.modDavFs) this.family = 'modDavFs';
    if (namespace === namespaces.lighttpd) this.family ??= 'lighttpd';
    if (namespace === namespaces.svnDav) this.family ??= 'subversion';
  }

  open(namespace: string, local: string): void {
    const at = this.#path[this.#path.length - 1] ?? 'document';
    this.#path.push(this.#enter(at, namespace, local));
  }

  text(text: string): void {
    const at = this.#path[this.#path.length - 1];
    if (at === 'text') {
      if (this.#text.length + text.length > textCap) throw new XmlError('An element is too long.');
      this.#text += text;
    } else if (at === 'owner' || at === 'ownerPart') this.#ownerText(text);
  }

  close(): void {
    const at = this.#path.pop();
    switch (at) {
      case 'text':
        this.#onText?.(this.#text.trim());
        this.#onText = undefined;
        break;
      case 'ownerPart':
        this.#ownerText(' ');
        break;
      case 'activelock':
        this.#props.locks?.push(this.#lock);
        break;
      case 'propstat':
        this.#endPropstat();
        break;
      case 'response':
        // An empty list beside a refusal of the same property is no list.
        if (this.#locksRefused && this.#response.props.locks?.length === 0)
          this.#response.props.locks = undefined;
        this.#onResponse(this.#response);
        break;
      case 'prop':
        // In a LOCK response, prop is the root: a success without its own status element.
        if (this.#path.length === 1) this.#onResponse({ ...rawResponse(), props: this.#props });
        break;
      default:
        break;
    }
  }

  #enter(at: At, namespace: string, local: string): At {
    if (at === 'owner' || at === 'ownerPart') return this.#enterOwner(local);
    if (at === 'skip' || at === 'text') return 'skip';
    if (at === 'prop' && namespace === namespaces.nextcloud) return this.#enterNextcloud(local);
    if (at === 'activelock' && namespace === namespaces.owncloud) return this.#enterOwncloud(local);
    if (at === 'error') return this.#enterCondition(local);
    if (namespace !== namespaces.dav) {
      if (at === 'document') throw new XmlError(`Not a WebDAV document: ${local}`);
      return 'skip';
    }
    return this.#enterDav(at, local);
  }

  #enterDav(at: At, local: string): At {
    switch (at) {
      case 'document':
        return this.#enterRoot(local);
      case 'multistatus':
        if (local !== 'response') return 'skip';
        this.#response = rawResponse();
        this.#locksRefused = false;
        return 'response';
      case 'response':
        return this.#enterResponse(local);
      case 'propstat':
        return this.#enterPropstat(local);
      case 'prop':
        return this.#enterProp(local);
      case 'resourcetype':
        if (local === 'collection') this.#props.collection = true;
        return 'skip';
      case 'supportedlock':
        if (local === 'lockentry') this.#props.supportsLocks = true;
        return 'skip';
      case 'lockdiscovery':
        return this.#enterDiscovery(local);
      case 'activelock':
        return this.#enterLock(local);
      case 'lockscope':
        if (local === 'exclusive' || local === 'shared') this.#lock.scopes.push(local);
        return 'skip';
      case 'locktoken':
        return local === 'href' ? this.#collect(this.#setters.token) : 'skip';
      case 'lockroot':
        return local === 'href' ? this.#collect(this.#setters.root) : 'skip';
      case 'condition':
        return local === 'href' ? this.#collect((text) => this.#conditionHref(text)) : 'condition';
      default:
        return 'skip';
    }
  }

  #enterRoot(local: string): At {
    if (local !== 'multistatus' && local !== 'prop') throw new XmlError(`Not a listing: ${local}`);
    return local;
  }

  #enterResponse(local: string): At {
    switch (local) {
      case 'href':
        if (this.#response.hrefs.length >= 10_000) throw new XmlError('Too many hrefs.', { code: tooLarge });
        return this.#collect(this.#setters.href);
      case 'status':
        return this.#collect((text) => {
          const status = parseStatus(text);
          if (status !== undefined) this.#response.status = status;
        });
      case 'propstat':
        this.#props = rawProps();
        this.#status = undefined;
        return 'propstat';
      case 'error':
        return 'error';
      default:
        return 'skip';
    }
  }

  #enterPropstat(local: string): At {
    if (local === 'prop' || local === 'error') return local;
    return local === 'status' ? this.#collect(this.#setters.status) : 'skip';
  }

  #enterProp(local: string): At {
    switch (local) {
      case 'resourcetype':
        this.#props.collection ??= false;
        return 'resourcetype';
      case 'supportedlock':
        this.#props.supportsLocks ??= false;
        return 'supportedlock';
      case 'lockdiscovery':
        this.#props.locks ??= [];
        return 'lockdiscovery';
      case 'getcontentlength':
      case 'getlastmodified':
      case 'creationdate':
      case 'getetag':
        return this.#collect(this.#setters[local]);
      default:
        return 'skip';
    }
  }

  #enterDiscovery(local: string): At {
    if (local !== 'activelock') return 'skip';
    // Nobody needs hundreds of locks on one resource, but they are no reason to reject the whole listing.
    if ((this.#props.locks?.length ?? 0) >= lockCap) return 'skip';
    if (++this.#locks > allLocksCap) throw new XmlError('Too many locks.', { code: tooLarge });
    this.#lock = rawLock();
    return 'activelock';
  }

  #enterLock(local: string): At {
    switch (local) {
      case 'lockscope':
      case 'locktoken':
      case 'lockroot':
        return local;
      case 'owner':
        this.#lock.owner = { text: '', hrefs: [] };
        return 'owner';
      case 'depth':
        return this.#collect(this.#setters.depth);
      case 'timeout':
        return this.#collect(this.#setters.timeout);
      default:
        return 'skip';
    }
  }

  #enterOwner(local: string): At {
    const { owner } = this.#lock;
    if (local === 'href' && owner && owner.hrefs.length < hrefCap)
      return this.#collect((text) => owner.hrefs.push(beginning(text, ownerCap)));
    this.#ownerText(' ');
    return 'ownerPart';
  }

  #enterNextcloud(local: string): At {
    const name = nextcloudLockProps.find((known) => known === local);
    return name ? this.#collect((text) => this.#nextcloud(name, text)) : 'skip';
  }

  #enterOwncloud(local: string): At {
    if (local === 'ownername') return this.#collect((text) => (this.#lock.ownerName = text));
    return local === 'locktime' ? this.#collect((text) => (this.#lock.since = text)) : 'skip';
  }

  #enterCondition(local: string): At {
    const conditions = (this.#response.conditions ??= []);
    if (conditions.length < hrefCap) conditions.push(local);
    return 'condition';
  }

  #collect(onText: (text: string) => unknown): At {
    this.#text = '';
    this.#onText = onText;
    return 'text';
  }

  #ownerText(text: string): void {
    const { owner } = this.#lock;
    if (owner && owner.text.length < ownerCap) owner.text += beginning(text, ownerCap - owner.text.length);
  }

  #nextcloud(name: NextcloudLockProp, text: string): void {
    (this.#props.nextcloud ??= {})[name] = text;
  }

  #conditionHref(text: string): void {
    const conditionHrefs = (this.#response.conditionHrefs ??= []);
    if (conditionHrefs.length < hrefCap && text.length <= maxHref) conditionHrefs.push(text);
  }

  /** Only a 2xx propstat has values; a 404 propstat names properties that the server did not return. */
  #endPropstat(): void {
    const status = this.#status ?? 0;
    const response = this.#response;
    if (status >= 200 && status < 300) response.props = mergedProps(response.props, this.#props);
    else {
      (response.refusals ??= []).push(status);
      this.#locksRefused ||= this.#props.locks !== undefined;
    }
  }
}
