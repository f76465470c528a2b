"""`openoutcry world`: the simulated market of one seed, as a table and as a picture."""
