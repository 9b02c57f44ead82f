/** node main.cjs PROGRAM BASE_URL: the same as CommonJS. */
require(process.argv[2]).check(process.argv[3]);
