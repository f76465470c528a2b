import "../theme/page.css";

import { beginPage } from "../parts/page";
import App from "./App.svelte";
import { Replay } from "./replay.svelte";

beginPage(App, () => new Replay());
