"""The CDK app: `cdk deploy` runs it, from the top of the repository."""

import sys

import aws_cdk as cdk

from stacks.settings import Settings, SettingsError
from stacks.uploader_stack import UploaderStack

STACK_NAME = "TikTokAudienceUploader"


def main() -> None:
    """Synthesises the one stack, or says in one sentence which setting to put right."""
    app = cdk.App()
    try:
        settings = Settings.from_context(app.node)
    except SettingsError as error:
        sys.exit(f"{error}")
    UploaderStack(app, STACK_NAME, settings=settings)
    app.synth()


if __name__ == "__main__":
    main()
