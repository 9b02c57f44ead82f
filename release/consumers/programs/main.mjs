/** node main.mjs PROGRAM BASE_URL: runs one program of this folder. Nothing ends the process: what is left open would show. */
const { check } = await import(process.argv[2]);
await check(process.argv[3]);
