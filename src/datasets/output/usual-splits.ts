/** The key that descriptions of YOLO and Darknet have for a split: they know no names of one's own. */
export function usualSplit(split: string): 'train' | 'val' | 'test' {
  return split === 'val' || split === 'test' ? split : 'train';
}
