/** what the steps took: milliseconds, tokens, requests */
import type { Cost } from "../wire.ts";
import type { Outcome } from "./use-search.ts";

const none: Cost = { ms: 0, tokens: 0, requests: 0, retries: 0 };
const milliseconds = (ms: number) => (ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString("en"));

export function Costs({ outcome: { candidates, ranking, isBusy } }: { outcome: Outcome }) {
  const steps = [
    { name: "Embed", cost: candidates?.embed },
    { name: "Search", cost: candidates?.search },
    { name: "Rerank", cost: ranking?.rerank },
  ];
  const all = steps.map(({ cost = none }) => cost);
  const sum = (member: keyof Cost) => all.reduce((total, cost) => total + cost[member], 0);
  const total = sum("ms");
  if (!candidates) return <div class="costs" aria-busy={isBusy} />;
  return (
    <div class="costs" aria-busy={isBusy}>
      <div class="timeline" aria-hidden="true">
        {steps.map(({ name, cost = none }) => (
          <span
            key={name}
            class={`step ${name.toLowerCase()}`}
            style={{ flexGrow: total ? cost.ms / total : 0 }}
          />
        ))}
      </div>
      <dl>
        {steps.map(({ name, cost }) => (
          <div key={name} class={name.toLowerCase()}>
            <dt>{name}</dt>
            <dd>{cost ? `${milliseconds(cost.ms)} ms` : "…"}</dd>
          </div>
        ))}
        <div>
          <dt>Total</dt>
          <dd>{milliseconds(total)} ms</dd>
        </div>
        <div>
          <dt>Tokens</dt>
          <dd>{sum("tokens").toLocaleString("en")}</dd>
        </div>
        <div>
          <dt>Requests</dt>
          <dd>
            {sum("requests")}
            {sum("retries") > 0 && `, ${sum("retries")} repeated`}
          </dd>
        </div>
      </dl>
    </div>
  );
}
