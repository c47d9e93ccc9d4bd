"""What a person can do with a demo that was left running."""

from local.demo.kept import Kept

_TEXT = """
It is all still running. Try:

  Drop a file of your own (hashed identifiers only):
      .venv/bin/python -m local.drop FILE --audience NAME --format phone_sha256
  See what TikTok has, what became of each file, what waits or failed, what the function said:
      .venv/bin/python -m local.look audiences
      .venv/bin/python -m local.look receipts
      .venv/bin/python -m local.look waiting
      .venv/bin/python -m local.look dead-letters
      .venv/bin/python -m local.look logs
  Make TikTok slow, broken or busy, over HTTP below {tiktok}/_control/:
      .venv/bin/python -m local.tiktok_simulator --help

  AWS endpoint      {aws}
  TikTok simulator  {tiktok}
  Bucket            s3://{bucket}/tiktok/<audience>/<format>/
  Files and logs    {folder}

  Stop and remove everything:
      make stop
"""


def how_to_use(kept: Kept) -> str:
    """Give the text for the terminal: how to drop a file, where to look, how to stop."""
    return _TEXT.format(
        tiktok=kept.tiktok_url,
        aws=kept.emulator_url,
        bucket=kept.outputs["BucketName"],
        folder=kept.folder,
    )
