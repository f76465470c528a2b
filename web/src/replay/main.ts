import "../theme/page.css";

import { beginPage } from "../parts/page";
import App from "./App.svelte";

beginPage(App);
