"""`python -m local.demo`: see `make help`."""

import signal

# Until something is started, a Ctrl-C just ends this process.
signal.signal(signal.SIGINT, signal.SIG_DFL)

import sys  # noqa: E402

from local.demo.command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
