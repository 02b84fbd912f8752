import { discord } from "./discord.ts";
import { generic } from "./generic.ts";
import { gotify } from "./gotify.ts";
import { matrix } from "./matrix.ts";
import { mattermost } from "./mattermost.ts";
import { ntfy } from "./ntfy.ts";
import { pagerduty } from "./pagerduty.ts";
import { pushover } from "./pushover.ts";
import type { Services } from "./service.ts";
import { slack } from "./slack.ts";
import { teams } from "./teams.ts";
import { teamsAdaptive } from "./teams-adaptive.ts";
import { telegram } from "./telegram.ts";

/** All services that a webhook can speak to. */
export const SERVICES: Services = {
  generic,
  discord,
  slack,
  teams,
  "teams-adaptive": teamsAdaptive,
  telegram,
  pagerduty,
  gotify,
  ntfy,
  pushover,
  mattermost,
  matrix,
};
