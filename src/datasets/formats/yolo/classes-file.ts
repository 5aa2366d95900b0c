/** Names of the classes, one a line in the order of their numbers, as labeling programs write them. */
export const CLASSES_FILE = 'classes.txt';
