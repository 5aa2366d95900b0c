/** Verdict about a license. `unknown` if the text matches no known license. */
export type LicenseVerdict = 'permissive' | 'not permissive' | 'unknown';

const RESTRICTED = /\b(A|L)?GPL|non-?commercial|not for commercial|\bCC[- ]BY[- ](NC|ND|SA)|proprietary/i;
const PERMISSIVE = /\b(MIT|Apache|BSD|ISC|CC0|Unlicense|YOLO license)\b|public domain/i;

/** Classifies a license by its text. If one of several licenses is restrictive, the verdict is not permissive. */
export function licenseVerdict(license: string | undefined): LicenseVerdict {
  if (license === undefined) return 'unknown';
  if (RESTRICTED.test(license)) return 'not permissive';
  return PERMISSIVE.test(license) ? 'permissive' : 'unknown';
}
