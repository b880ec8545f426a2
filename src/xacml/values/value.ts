/** The values of policies. They are plain and untagged: which type one has is known where a policy is loaded. */

/** Of xs:dateTime, xs:date and xs:time. A date is the moment it begins; a time is one of the day that the comparison of times refers to. */
export interface Moment {
  /** Seconds from 1970-01-01T00:00:00, as clocks on the wall count them. */
  readonly local: number;
  readonly nanos: number;
  /** Minutes east of UTC; null: not said. */
  readonly zone: number | null;
}

export interface DayTime {
  readonly nanos: bigint;
}
export interface YearMonth {
  readonly months: number;
}

export interface X500Name {
  readonly text: string;
  /** From the most particular to the root, each as a text that equal parts share. */
  readonly parts: readonly string[];
  /** All parts as one text. */
  readonly key: string;
}

export interface Rfc822Name {
  readonly local: string;
  /** As it was written. */
  readonly domain: string;
}

export interface IpAddress {
  readonly address: string;
}
export interface DnsName {
  readonly name: string;
}

export type Value = string | boolean | bigint | number | Moment | DayTime | YearMonth | X500Name | Rfc822Name | IpAddress | DnsName;

/** Never longer than `limits.bag`. */
export type Bag<T extends Value = Value> = readonly T[];

/** What stands for a value where values are compared: equal ones have the same, by `===`. */
export type Key = string | number | bigint | boolean;
