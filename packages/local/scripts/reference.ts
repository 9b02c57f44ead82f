/** a text -> its tokens and its vector, in the plainest way that there is */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { InferenceSession, Tensor } from "onnxruntime-node";

/** The model in the plainest way: one text, every token, mean, length 1. */
export class Reference {
  static async load(folder: string, file: string): Promise<Reference> {
    const json = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
    const tokenizer = new Tokenizer(json("tokenizer.json"), json("tokenizer_config.json"));
    return new Reference(tokenizer, await InferenceSession.create(join(folder, file)));
  }

  private constructor(
    readonly tokenizer: Tokenizer,
    readonly session: InferenceSession,
  ) {}

  tokens(text: string): number[] {
    const { ids } = this.tokenizer.encode(text);
    return ids.length <= 256 ? ids : [...ids.slice(0, 255), 102];
  }

  async embed(text: string): Promise<number[]> {
    const ids = this.tokens(text);
    const row = (values: number[]) =>
      new Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
    const { last_hidden_state: states } = await this.session.run({
      input_ids: row(ids),
      attention_mask: row(ids.map(() => 1)),
      token_type_ids: row(ids.map(() => 0)),
    });
    const data = states?.data as Float32Array;
    const mean = Array.from({ length: 384 }, (_, d) =>
      ids.reduce((sum, _id, t) => sum + (data[t * 384 + d] ?? 0) / ids.length, 0),
    );
    const length = Math.hypot(...mean);
    return mean.map((value) => value / length);
  }
}
