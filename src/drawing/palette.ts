/**
 * Okabe and Ito's colors, which people with color vision deficiencies can distinguish
 * (https://jfly.uni-koeln.de/color/), and darker and paler versions for more classes.
 */
const PALETTE = [
  '#e69f00',
  '#56b4e9',
  '#009e73',
  '#f0e442',
  '#0072b2',
  '#d55e00',
  '#cc79a7',
  '#8f6300',
  '#1f6f9e',
  '#7fe0c2',
  '#968d00',
  '#ffb27a',
  '#7d3f63',
] as const;

/** Color of a class, `#rrggbb`. The same in every picture. */
export function classColor(classId: number): string {
  return PALETTE[classId % PALETTE.length]!;
}

/** Relative luminance of `#rrggbb`, 0–1 (WCAG 2). */
export function luminance(color: string): number {
  const channel = (start: number) => {
    const value = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** Black or white, whichever has more contrast on the color: at least 4.5 to 1. */
export function textColor(background: string): '#000000' | '#ffffff' {
  return luminance(background) > 0.179 ? '#000000' : '#ffffff';
}
