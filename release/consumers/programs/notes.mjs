/** Three texts, and a question that the first one answers. */
export const notes = [
  "The blue whale is the largest animal",
  "Bread rises because of yeast",
  "Ants carry many times their weight",
];
export const question = "Which animal is the biggest of all?";
export const model = "any-model";
export const apiKey = "not-a-real-key";
