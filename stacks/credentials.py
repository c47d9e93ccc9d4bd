"""The secret with the operator's TikTok token and advertiser id."""

import json
from typing import Final, cast

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.nag_suppressions import acknowledge

# A change of these would make CloudFormation put them over the operator's token.
_PLACEHOLDERS: Final = {
    "ACCESS_TOKEN": "replace-with-your-tiktok-access-token",
    "ADVERTISER_ID": "replace-with-your-tiktok-advertiser-id",
}
# The CLI shows a failing resource by its path, and this is the one place where it can be told
# what to do when the secret of an earlier deploy is still there.
_WHEN_NEW: Final = "Secret (if it exists: deploy with -c reuse_existing_secret=true)"


class Credentials(Construct):
    """The secret of this name: made with placeholders, or found again.

    It outlives the stack, and so it is not under the stack's key: that key dies with the stack.
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, reuse_existing: bool) -> None:
        super().__init__(scope, id_)
        self.secret_name = name
        self.secret_arn = self._existing_arn() if reuse_existing else self._new_arn()

    def _new_arn(self) -> str:
        """Take the attribute: a reference to a secret is its ARN too, but not in every emulator."""
        return cast(secretsmanager.CfnSecret, self._create().node.default_child).attr_id

    def _create(self) -> secretsmanager.Secret:
        placeholders = cdk.SecretValue.unsafe_plain_text(json.dumps(_PLACEHOLDERS))
        secret = secretsmanager.Secret(
            self,
            _WHEN_NEW,
            secret_name=self.secret_name,
            description="TikTok API for Business: ACCESS_TOKEN and ADVERTISER_ID",
            secret_string_value=placeholders,
            # Plain RETAIN would leave it behind after a failed first deploy and block the next.
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        acknowledge(
            secret,
            "SMG4",
            reason="TikTok gives its long-lived token to a person, in a browser; there is no call "
            "that a rotation function could make. docs/operations.md says how a person rotates "
            "it, and the function takes a new one up within minutes.",
        )
        return secret

    def _existing_arn(self) -> str:
        """Leave open the six characters at an ARN's end, which cannot be known here."""
        secret = secretsmanager.Secret.from_secret_name_v2(self, "ExistingSecret", self.secret_name)
        return f"{secret.secret_arn}-??????"
