"""Loaded by the interpreter itself wherever this folder is on PYTHONPATH."""

import loopback_guard  # type: ignore[import-not-found,unused-ignore]  # a sibling, by its bare name

loopback_guard.refuse_other_hosts()
