"""Words of the trading day: its rules, phases, timers, tasks, marks, news, duties, and draws of chance."""
