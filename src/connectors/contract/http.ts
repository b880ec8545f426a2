/** The one way out: time-outs, size limits, no redirects to other hosts, no internal addresses unless the installation allows them. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
export interface HttpClient {
  /** Resolves with any status. Throws HttpError where no whole answer came. */
  request(request: HttpRequest): Promise<HttpResponse>;
}
/** No whole answer came. */
export class HttpError extends Error {
  /** False only where it is certain that the request never reached the target (refused connection, unknown host, forbidden address). */
  readonly mayHaveApplied: boolean;
  /**
   * Configuration, not weather: `forbidden`, where the address is internal or the redirect left the host, and `unsendable`, where the request
   * cannot be written as HTTP.
   */
  readonly reason: 'aborted' | 'connection' | 'too-large' | 'forbidden' | 'unsendable';
  constructor(reason: HttpError['reason'], mayHaveApplied: boolean, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HttpError';
    this.reason = reason;
    this.mayHaveApplied = mayHaveApplied;
  }
}
