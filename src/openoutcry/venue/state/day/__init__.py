"""The trading day as state: market time, timetable, marks of underlyings, timers, tasks."""
