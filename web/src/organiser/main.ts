import "../theme/page.css";

import { Exchange } from "../exchange/exchange";
import { readKeysOfNoTeam } from "../exchange/keys";
import { beginPage } from "../parts/page";
import App from "./App.svelte";

beginPage(App, () => new Exchange(readKeysOfNoTeam));
