"""What the function keeps outside itself, as a deployment's settings name it."""

from audience_uploader.adapters.json_store import JsonStore
from audience_uploader.adapters.s3_drops import DropStore
from audience_uploader.adapters.s3_receipts import ReceiptStore
from audience_uploader.adapters.s3_state import StateStore
from audience_uploader.adapters.secrets import CredentialStore
from audience_uploader.adapters.sqs_queue import Queue
from audience_uploader.bootstrap.runtime import Clients
from audience_uploader.config import Config
from audience_uploader.delivery.outcome_writer import OutcomeWriter
from audience_uploader.delivery.rejections import Rejections
from audience_uploader.delivery.skips import Skips
from audience_uploader.domain.times import Clock
from audience_uploader.observability import Observer


class Stores:
    """The bucket, the queues and the secret, and the writers of what becomes of drops."""

    def __init__(self, config: Config, clients: Clients, observer: Observer, clock: Clock) -> None:
        bucket = config.bucket_name
        self.objects = JsonStore(clients.s3, bucket)
        self.drops = DropStore(clients.s3, bucket)
        self.receipts = ReceiptStore(self.objects)
        self.states = StateStore(self.objects, clock=clock, lease_seconds=config.lease_seconds)
        self.credentials = CredentialStore(clients.secretsmanager, config.secret_name)
        self.queue = Queue(
            clients.sqs, url=config.queue_url, dead_letter_url=config.dead_letter_queue_url
        )
        self.skips = Skips(self.receipts, observer, clock)
        self.rejections = Rejections(self.queue, self.objects, self.drops, observer, clock)
        self.outcomes = OutcomeWriter(self.objects, self.receipts, self.rejections, observer, clock)
