"""`python -m audiencectl`, and the console script of the same name."""

from audiencectl.cli import main

if __name__ == "__main__":
    main(prog_name="audiencectl")
