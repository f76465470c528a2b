import "../theme/page.css";

import { Exchange } from "../exchange/exchange";
import { beginPage } from "../parts/page";
import App from "./App.svelte";

beginPage(App, () => new Exchange());
