import "../theme/page.css";

import { Exchange } from "../exchange/exchange";
import { readKeys, readKeysOfNoTeam } from "../exchange/keys";
import { beginPage } from "../parts/page";
import App from "./App.svelte";
import { isForProjector } from "./spectator/address";

beginPage(App, () => new Exchange(isForProjector(location.search) ? readKeysOfNoTeam : readKeys));
