/** What a signature said of a flow: a hint for training, not the truth. */
export interface SignatureAlert {
  readonly signature: string;
  readonly signatureId: number | null;
  readonly category: string | null;
  /** 1 is the worst. */
  readonly severity: number | null;
  readonly action: string | null;
}

/** Flows whose alerts are kept until their own event comes. */
const flowsKept = 100_000;

/** Joins alerts to the flows they are about. Suricata logs a flow when it is over, so its alerts come first. */
export class WeakLabels {
  private readonly alerts = new Map<string, SignatureAlert>();

  constructor(private readonly capacity = flowsKept) {}

  /** Keeps the worst alert of each flow; the flow noted longest ago is forgotten first. */
  note(uid: string, alert: SignatureAlert): void {
    const known = this.alerts.get(uid);
    if (known && (known.severity ?? Infinity) <= (alert.severity ?? Infinity)) return;
    this.alerts.delete(uid);
    this.alerts.set(uid, alert);
    if (this.alerts.size <= this.capacity) return;
    for (const oldest of this.alerts.keys()) {
      this.alerts.delete(oldest);
      break;
    }
  }

  /** The worst alert about a flow, which is then forgotten; null when there was none. */
  take(uid: string | null): SignatureAlert | null {
    const alert = uid === null ? undefined : this.alerts.get(uid);
    if (!alert || uid === null) return null;
    this.alerts.delete(uid);
    return alert;
  }
}
