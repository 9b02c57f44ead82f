/** What an error says of a refusal, and what it advises. */
import { describe, expect, it, test } from "vitest";
import { readApiError } from "./api-error.ts";

const hint = "Did you mean `http://h/v1`?";

function read(status: number, refused: object = {}, asked = "") {
  return readApiError(refused, status, {
    ...{ path: "/embeddings", body: { model: "m" }, baseURL: "http://h/v1", hint: asked },
    secrets: { keys: ["a-key-of-the-tests"], texts: [] },
  });
}

describe("a refusal that is nothing but a status", () => {
  it("is an error that says so, and what to do", () => {
    const error = read(503);
    expect(error).toMatchObject({ status: 503, code: null, requestId: undefined, retryable: true });
    expect(error.message).toMatch(/^The API answered 503: no message\. \S/);
  });
});

const later = "This is the server's trouble: try again later.";
const change = "The request has to change before it can succeed.";

test.each<[string, number, string, string]>([
  ["no body", 502, "502 status code (no body)", `no message. ${later}`],
  [
    "a title",
    502,
    '502 <html>\n<TITLE lang="en"> Bad gateway </TITLE>',
    `an HTML page, "Bad gateway". ${later}`,
  ],
  ["an empty title", 502, "502 <html><title> </title>", `an HTML page. ${later}`],
  ["no title", 502, "502 <!doctype html>", `an HTML page. ${later}`],
  ["words", 500, "500 It broke. ", `It broke. ${later}`],
  ["words of another status", 410, "It is 410 gone", `It is 410 gone. ${change}`],
])("%s is told in a sentence", (_, status, message, words) => {
  expect(read(status, { message }).message).toBe(`The API answered ${status}: ${words}`);
});

test.each<[number, string, boolean]>([
  [404, "404 page not found", true],
  [405, "405 no", true],
  [400, "400 <html>", true],
  [499, "499 <html>", true],
  [500, "500 <html>", false],
  [502, "502 <html>", false],
  [400, "400 no", false],
])("whether a wrong address may be the reason of a %i, %j: %s", (status, message, isAsked) => {
  expect(read(status, { message }, hint).message.endsWith(` ${hint}`)).toBe(isAsked);
  expect(read(status, { message }).message).not.toContain("Did you mean");
});

test.each([
  [301, "https://other/v2/embeddings?key=1#x", "the request was redirected to https://other/v2."],
  [300, "/v2/embeddings", "the request was redirected to http://h/v2."],
  [399, "https://other/login", "the request was redirected to https://other/login."],
  [302, undefined, "a redirection to another address."],
  [302, "https://", "a redirection to another address."],
  [400, "https://other/v2/embeddings", "no message."],
])("a %i with the location %s", (status, location, words) => {
  const headers = new Headers(location === undefined ? {} : { location });
  expect(read(status, { headers }).message).toContain(`${status}: ${words} `);
  expect(read(status, { headers }).message.includes("Set `baseURL`")).toBe(status < 400);
});
