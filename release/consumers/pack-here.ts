/** `npm run pack`: every package as npm would get it -> `tarballs/`, to be installed by path */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pack, root } from "./pack.ts";

const folder = join(root, "tarballs");
await rm(folder, { recursive: true, force: true });
await mkdir(folder);
for (const path of Object.values(await pack(folder))) console.log(path);
