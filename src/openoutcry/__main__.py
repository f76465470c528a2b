"""`python -m openoutcry` is the command `openoutcry`."""

from openoutcry.cli import main

if __name__ == "__main__":
    main()
