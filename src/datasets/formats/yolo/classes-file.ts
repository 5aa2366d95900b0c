/** File of class names, as labeling programs write it: one per line, in the order of the class numbers. */
export const CLASSES_FILE = 'classes.txt';
