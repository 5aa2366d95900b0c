import { MicroYoloError, systemErrorCode } from './errors/errors.ts';

const LOCAL_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Whether a string is an http or https address. */
export function isAddress(name: string): boolean {
  return /^https?:\/\//i.test(name);
}

/** Whether an address points to this machine. */
export function isLocal(url: URL): boolean {
  return LOCAL_HOSTS.includes(url.hostname);
}

/**
 * Checks that an address is https, or http on this machine.
 * @param what name of the download, for messages
 * @throws MicroYoloError `invalid-argument`
 */
export function checkSecure(url: URL, what: string): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url))) return;
  throw new MicroYoloError(
    'invalid-argument',
    `${what} ${url}: expected https, because other transfers can be tampered with`,
  );
}

const ofConnection =
  /^(E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|HOSTUNREACH|NETUNREACH)|UND_ERR_\w+)$/;

/** A hint if the environment sets a proxy that Node ignores. */
function proxyHint(reason: string): string {
  const { HTTPS_PROXY, https_proxy, NODE_USE_ENV_PROXY } = process.env;
  const isUnused = (HTTPS_PROXY ?? https_proxy) && NODE_USE_ENV_PROXY !== '1';
  if (!isUnused || !ofConnection.test(reason)) return '';
  return '; Node 22.21 and later use the proxy if NODE_USE_ENV_PROXY=1';
}

/** Why a download failed: the system's error code, or a short message. */
export function downloadFailure(error: unknown): { readonly code: string; readonly hint: string } {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = systemErrorCode(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return { code, hint: proxyHint(code) };
}
