/** Documents for tests: enough passages for a map, and few enough to be embedded quickly. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Writes a folder of Markdown files, `name -> text`. The result has a function that removes it. */
export async function docsFolder(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "together-playground-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

export const island = {
  "ferry.md": `# The ferry to the island

The ferry leaves at nine in the morning. The last boat back sails at six. In winter the ferry rests on Tuesdays,
when the crew paints the deck and looks after the engine; the mail then comes by the fishing boat of the harbour master.

## Tickets

A ticket costs four euros. Children under six travel free of charge. Tickets are sold on board and at the kiosk on the
pier, which opens an hour before the first departure. A season ticket costs ninety euros and is good from May to October.

## Bicycles and dogs

Bicycles go on the lower deck. Dogs wait outside the cabin. Both travel without a ticket of their own, as long as
there is room: on summer Sundays there often is none, and the kiosk lends bicycles on the other side.
`,
  "lighthouse.md": `# The lighthouse

The lighthouse is open on Sundays. Its lamp turns once in ten seconds and is seen from twenty miles away. The keeper
shows the lamp room to groups of eight; the stairs have a hundred and forty steps and no lift.

## The museum

In the old oil store stands a small museum: lamps, charts, and the log of every storm since 1871. Entry is free, and the
keeper's daughter tells the story of the night when the lamp went out and the whole village carried lanterns to the cliff.

## How to get there

From the harbour a path follows the cliff for two miles. In fog it is closed. A bus goes at ten and at two; its driver
takes coins only. There is no parking at the lighthouse, since the road belongs to the sheep.
`,
  "weather.md": `# Weather and tides

Fog is common in spring. The tide falls by four metres, and the sandbank between the island and the mainland can then be
walked in an hour. Do not start later than an hour before low water: the tide comes back faster than you walk.

## Storm warnings

A red flag on the pier means that no boat sails today. Two red flags mean that windows are to be shut. The radio repeats
the warning every hour, in three languages, and the church bell rings when it is lifted.
`,
  "food.md": `# Food and shelter

The bakery opens at seven and sells out by ten. Bread is baked with seaweed salt. The only restaurant serves what the
boats bring: mackerel, crab, and on bad days potatoes. It closes in November.

## Where to sleep

Four houses let rooms. A campsite lies behind the dunes, with water but without shade; fires are allowed on the beach
alone. The school takes groups during the holidays, for a gift to the library.
`,
};
