"""From the checked tables of a scenario file to the scenario in the exchange's units."""
