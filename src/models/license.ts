/** Verdict about a license. `unknown` if its words do not tell. */
export type LicenseVerdict = 'permissive' | 'not permissive' | 'unknown';

const RESTRICTED = /\b(A|L)?GPL|non-?commercial|not for commercial|\bCC[- ]BY[- ](NC|ND|SA)|proprietary/i;
const PERMISSIVE = /\b(MIT|Apache|BSD|ISC|CC0|Unlicense|YOLO license)\b|public domain/i;

/** Judges a license by its words. If any of several licenses is restrictive, the verdict is not permissive. */
export function licenseVerdict(license: string | undefined): LicenseVerdict {
  if (license === undefined) return 'unknown';
  if (RESTRICTED.test(license)) return 'not permissive';
  return PERMISSIVE.test(license) ? 'permissive' : 'unknown';
}
