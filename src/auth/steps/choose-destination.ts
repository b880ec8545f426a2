import { judgeReturnTo } from '../return-url.ts';
import type { Step } from '../step.ts';
import { formOf } from '../form.ts';
import type { WithServiceProvider } from './load-service-provider.ts';

export interface WithDestination {
  readonly returnTo: string | null;
}

/** `returnTo` of the URL or the form, if the service provider allows it; anything else is as if nothing was asked for. */
export const chooseDestination: Step<WithServiceProvider, WithDestination> = ({ req, serviceProvider }) => ({
  returnTo: judgeReturnTo(req.query['returnTo'] ?? formOf(req)['returnTo'], serviceProvider),
});
