import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import type { Clock } from "../kit/clock.ts";
import { type Instant, MINUTE, SECOND } from "../kit/units.ts";
import type { Database } from "../store/database.ts";
import type { CodeUse } from "./deed.ts";
import { digest } from "./digest.ts";

const STEP = 30 * SECOND;
/** A phone's clock may be one step off, either way. */
const WINDOW = 1;
const RECOVERY_CODES = 10;
/** A secret that is shown but not confirmed is forgotten. */
const CONFIRMED_WITHIN = 10 * MINUTE;

/** Seals secrets; those of one context open in no other. */
export interface Sealing {
  close(secret: string, context: string): Uint8Array;
  open(sealed: Uint8Array, context: string): string | null;
}

/** What an account's second factor is made of: its secret sealed, in base64; the last 30 s that were used; digests of the recovery codes. */
export interface Factor {
  secret: string;
  step: number;
  recovery: readonly string[];
}

/** What is used up of an account's codes; left out: nothing new. */
interface Used {
  /** The 30 s of the last code. */
  step?: number;
  /** The recovery codes that are left, as digests. */
  recovery?: readonly string[];
}

/** One-time codes of an authenticator app (TOTP, RFC 6238), and the codes for when the phone is lost. */
export class SecondFactor {
  readonly #database: Database;
  readonly #seal: Sealing;
  readonly #clock: Clock;
  /** Shown to their owners, not confirmed yet; by account. */
  readonly #offered = new Map<string, { secret: string; until: number }>();
  /** What was used up and the database has not taken yet, by account: it is no good any more, whatever the disk says. */
  readonly #unwritten = new Map<string, Used>();

  constructor(database: Database, seal: Sealing, clock: Clock) {
    this.#database = database;
    this.#seal = seal;
    this.#clock = clock;
  }

  isOn(account: string): boolean {
    return this.#rowOf(account) !== null;
  }

  /** A new secret for `account`; it counts once a code of it is shown to `confirm`. */
  offer(account: string): { secret: string; url: string } {
    const secret = new Secret({ size: 20 }).base32;
    this.#offered.set(account, { secret, until: this.#clock.now() + CONFIRMED_WITHIN });
    return { secret, url: totpOf(secret, account).toString() };
  }

  /**
   * What turns the second factor on, and the codes for a lost phone, told once. null: the code is not of the secret that was offered.
   */
  confirm(account: string, code: string): { codes: string[]; factor: Factor } | null {
    const offered = this.#offered.get(account);
    if (!offered || offered.until < this.#clock.now()) return null;
    const step = this.#stepOf(offered.secret, account, code);
    if (step === null) return null;
    this.#offered.delete(account);
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
    const secret = Buffer.from(this.#seal.close(offered.secret, contextOf(account))).toString("base64");
    return { codes, factor: { secret, step, recovery: codes.map(plain => digest(bare(plain))) } };
  }

  on(account: string, { secret, step, recovery }: Factor): void {
    this.#unwritten.delete(account);
    this.#database.run(
      "UPDATE account SET totp = ?, totp_step = ?, recovery = ? WHERE name = ?",
      ...[Buffer.from(secret, "base64"), step, JSON.stringify(recovery), account],
    );
  }

  /** What `code` would use up if it is good now: a code of the app that was not used before, or a recovery code; null: it is not. */
  judge(account: string, code: string): CodeUse | null {
    const row = this.#rowOf(account);
    if (!row) return null;
    const step = row.secret === null ? null : this.#stepOf(row.secret, account, code);
    if (step !== null && this.#isUnused(row, { step })) return { step };
    const use = { recovery: digest(bare(code)) };
    return this.#isUnused(row, use) ? use : null;
  }

  /** Uses up what `judge` found; false: somebody was quicker. */
  use(account: string, use: CodeUse): boolean {
    const row = this.#rowOf(account);
    if (!row || !this.#isUnused(row, use)) return false;
    this.#use(account, "step" in use ? use : { recovery: row.recovery.filter(known => known !== use.recovery) });
    return true;
  }

  #isUnused(row: { step: number; recovery: readonly string[] }, use: CodeUse): boolean {
    if ("step" in use) return use.step > row.step || isAhead(row.step, this.#clock.now());
    return row.recovery.includes(use.recovery);
  }

  /** Writes what the database has refused before; to be called now and then. */
  flush(): void {
    for (const account of [...this.#unwritten.keys()]) this.#write(account);
  }

  /** A code that was good lets in on a full disk, too; it is used up by that all the same. */
  #use(account: string, used: Used): void {
    this.#unwritten.set(account, { ...this.#unwritten.get(account), ...used });
    this.#write(account);
  }

  #write(account: string): void {
    const { step, recovery } = this.#unwritten.get(account) ?? {};
    const isWritten = this.#database.spare(() =>
      this.#database.run(
        "UPDATE account SET totp_step = coalesce(?, totp_step), recovery = coalesce(?, recovery) WHERE name = ? AND totp IS NOT NULL",
        ...[step ?? null, recovery ? JSON.stringify(recovery) : null, account],
      ),
    );
    if (isWritten) this.#unwritten.delete(account);
  }

  off(account: string): void {
    this.#database.run("UPDATE account SET totp = NULL, totp_step = NULL, recovery = NULL WHERE name = ?", account);
    this.#unwritten.delete(account);
  }

  /** The number of the 30 s that `code` belongs to; null: it is of no time near now. */
  #stepOf(secret: string, account: string, code: string): number | null {
    const token = code.replaceAll(" ", "");
    const timestamp = this.#clock.now();
    const delta = totpOf(secret, account).validate({ token, timestamp, window: WINDOW });
    return delta === null ? null : Math.floor(timestamp / STEP) + delta;
  }

  #rowOf(account: string): { secret: string | null; step: number; recovery: readonly string[] } | null {
    const [row] = this.#database.all("SELECT totp, totp_step, recovery FROM account WHERE name = ?", account);
    if (!(row?.totp instanceof Uint8Array)) return null;
    const { step = Number(row.totp_step), recovery = JSON.parse(String(row.recovery)) as string[] } =
      this.#unwritten.get(account) ?? {};
    return { secret: this.#seal.open(row.totp, contextOf(account)), step, recovery };
  }
}

function totpOf(secret: string, account: string): TOTP {
  return new TOTP({ issuer: "Pulse", label: account, secret: Secret.fromBase32(secret) });
}

function contextOf(account: string): string {
  return `totp ${account.toLowerCase()}`;
}

/** 72 bits, easily typed: "3f9a2c-b81c7e-04d1aa". */
function newRecoveryCode(): string {
  const digits = randomBytes(9).toString("hex");
  return digits.replaceAll(/(.{6})(?=.)/g, "$1-");
}

function bare(code: string): string {
  return code.toLowerCase().replaceAll(/[^0-9a-f]/g, "");
}

/** A code was used when the clock was ahead: it would keep everybody out until the clock is there again. */
function isAhead(step: number, now: Instant): boolean {
  return step > Math.floor(now / STEP) + WINDOW + 1;
}
