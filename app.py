"""The CDK app: `cdk deploy` runs it, from the top of the repository."""

import sys

import aws_cdk as cdk

from stacks.settings import Settings, SettingsError
from stacks.uploader_stack import STACK_NAME, UploaderStack


def main() -> None:
    """Synthesise the one stack, or say in one sentence which setting to put right."""
    app = cdk.App()
    try:
        settings = Settings.from_context(app.node)
    except SettingsError as error:
        sys.exit(f"{error}")
    UploaderStack(app, settings.named(STACK_NAME), settings=settings)
    app.synth()


if __name__ == "__main__":
    main()
