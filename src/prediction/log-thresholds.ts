import { LinearCounts } from '../detector/flow/linear-count.js';
import { SlotCache } from '../detector/flow/slot-cache.js';
import type { AlertCause } from '../detector/kind.js';
import type { Thresholds } from '../registry/bundle/bundle.js';

/** How many alerts may be sent; the contract's `thresholds.budget`. */
export interface AlertBudget {
  /** Of each host of the network, on an ordinary day. */
  readonly alertsAHostADay: number;
  /** The lowest threshold of the first hour of a log, of which next to nothing is known yet. */
  readonly first: number;
  /** The highest threshold that a log is given: what is above it is flagged however much there is of it. */
  readonly most: number;
}

/** Causes that are remembered, and the steps in which their probabilities are. */
const [causesKept, steps] = [16_384, 100];
/** Days after which what was counted fades. */
const memory = 7;
const [hour, day] = [3600, 86_400];

const everyHost = { high: 0, low: 0 };

/**
 * The thresholds that fit one log. Flows of one cause are one alert, which grows. The causes by the highest probability
 * of their flows are the log's own distribution; the threshold is the lowest that as many of them reach as the budget
 * has alerts for the hosts and the time so far, at least one. It is never below the contract's, in the first hour not below
 * `first`, and never above `most`.
 * Flows of a cause that has been an alert go by the contract's: they cost no other.
 */
export class LogThresholds {
  private readonly slots = new SlotCache(causesKept);
  /** Of each cause, its step, and whether it has been an alert. */
  private readonly stepOf = new Int8Array(causesKept);
  private readonly isAlert = new Uint8Array(causesKept);
  private readonly causes = new Float64Array(steps + 1);
  private hosts = new LinearCounts(8);
  private from = Infinity;
  private to = -Infinity;
  private now: Thresholds;
  /** What was last said of them. */
  private noted: number;

  constructor(
    private readonly contracted: Thresholds,
    private readonly budget: AlertBudget,
    private readonly onMoved: (fitted: string) => void = () => undefined,
  ) {
    this.now = this.fitting();
    this.noted = this.now.suspicious;
  }

  /** In force at the moment, for what has been no alert so far. */
  get current(): Thresholds {
    return this.now;
  }

  /** The thresholds for a flow, which is taken in. @param counts whether it would be an alert for its probability alone */
  of({ key, host, at }: AlertCause, probability: number, counts: boolean): Thresholds {
    const { contracted } = this;
    this.pass(at, host);
    if (!counts || probability < contracted.suspicious) return this.now;
    const slot = this.slots.claim(key.high, key.low);
    if (this.slots.wasNew) {
      this.stepOf[slot] = -1;
      this.isAlert[slot] = 0;
    }
    const step = Math.floor(probability * steps);
    if (step > this.stepOf[slot]) {
      if (this.stepOf[slot] >= 0) this.causes[this.stepOf[slot]]--;
      this.causes[step]++;
      this.stepOf[slot] = step;
      this.now = this.fitting();
      this.note();
    }
    if (this.isAlert[slot] === 1) return contracted;
    if (probability >= this.now.suspicious) this.isAlert[slot] = 1;
    return this.now;
  }

  private pass(at: number, host: number): void {
    if (at < this.from) this.from = at;
    if (at > this.to) this.to = at;
    this.hosts.add(everyHost, host);
    if (this.to - this.from < memory * day) return;
    this.from = this.to - (memory / 2) * day;
    for (let step = 0; step <= steps; step++) this.causes[step] /= 2;
  }

  private note(): void {
    const { suspicious, malicious } = this.now;
    if (Math.abs(suspicious - this.noted) < 0.1) return;
    this.noted = suspicious;
    const days = Math.round(((this.to - this.from) / day) * 100) / 100;
    this.onMoved(
      `this log's thresholds are ${suspicious} and ${malicious} now, the contract's ` +
        `${this.contracted.suspicious} and ${this.contracted.malicious}: about ` +
        `${this.hosts.of(everyHost)} hosts, ${days} days`,
    );
  }

  private fitting(): Thresholds {
    const { suspicious, malicious } = this.contracted;
    const seconds = Math.max(0, this.to - this.from);
    const least = seconds < hour ? Math.max(suspicious, this.budget.first) : suspicious;
    let left = Math.max(1, this.budget.alertsAHostADay * this.hosts.of(everyHost) * (seconds / day));
    let step = steps;
    while (step >= 0 && this.causes[step] <= left) left -= this.causes[step--];
    const fits = Math.min(this.budget.most, Math.max(least, (step + 1) / steps));
    return { suspicious: fits, malicious: Math.max(malicious, fits) };
  }
}
