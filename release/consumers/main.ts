/** `npm run release consumers`: our tarballs in other people's projects. `-- langchain` chooses rows by a part of their name. */
import { scratchFolder } from "./app.ts";
import { pack } from "./pack.ts";
import { tryAsConsumers } from "./tryout.ts";

await tryAsConsumers(await pack(await scratchFolder()), process.argv[2]);
