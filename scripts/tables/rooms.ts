import rooms from '../rooms.json' with { type: 'json' };

/** The folders of `src/` and their allowed imports, from the rule that enforces them. */
export function roomsTable(): string {
  const rows = Object.entries(rooms).map(([room, { about, imports }], place) => {
    // All but the foundation, which every folder can import.
    const isAll = place > 1 && imports.length === place - 1;
    return `| \`${room}/\` | ${about} | ${isAll ? 'all above' : imports.join(', ')} |`;
  });
  return ['| folder of `src/` | what is in it | may import |', '| --- | --- | --- |', ...rows].join('\n');
}
