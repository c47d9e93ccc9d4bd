"""`python -m local.tiktok_simulator`."""

from local.tiktok_simulator.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
