"""The story of one audience under its lease: from pending drops to one call and its receipts."""

from audience_uploader.adapters.s3_state import HeldLease
from audience_uploader.delivery.audience_check import AudienceCheck
from audience_uploader.delivery.conclude import Conclusions
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.delivery.drop_outcomes import DropOutcomes
from audience_uploader.delivery.drop_waits import DropWaits
from audience_uploader.delivery.find_audience import Found
from audience_uploader.delivery.outcome_writer import OutcomeWriter
from audience_uploader.delivery.pending import Listed, Listing
from audience_uploader.delivery.plan import Plan, plan_call
from audience_uploader.delivery.send_plan import PlanSender
from audience_uploader.delivery.submit import Submission
from audience_uploader.delivery.without_call import WithoutCall
from audience_uploader.domain import backoff
from audience_uploader.domain.actions import REMOVE
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import Done, Outcome, RetryLater
from audience_uploader.domain.receipt_warnings import made_anew_warning
from audience_uploader.domain.rhythm import Rhythm
from audience_uploader.domain.times import Clock
from audience_uploader.tiktok.errors import AudienceUnknown
from audience_uploader.tiktok.models import Audience


class Delivery:
    """Brings one audience up to date; changes the held state as it goes.

    Raises Refusal, TikTokError, CreateUnanswered, OutOfTime, Unavailable or LeaseTaken.
    """

    def __init__(
        self,
        held: HeldLease,
        listing: Listing,
        check: AudienceCheck,
        submission: Submission,
        sender: PlanSender,
        conclusions: Conclusions,
        outcomes: OutcomeWriter,
        invocation: Invocation,
        clock: Clock,
        rhythm: Rhythm,
    ) -> None:
        self._held = held
        self._state = held.state
        self._listing = listing
        self._check = check
        self._submission = submission
        self._sender = sender
        self._conclusions = conclusions
        self._invocation = invocation
        self._outcomes = outcomes
        self._clock = clock
        self._rhythm = rhythm
        self._waits = DropWaits(held.state, clock, rhythm)
        self._without_call = WithoutCall(held.state, conclusions, clock, hour=rhythm.hour)

    def run(self, own: Drop, *, alone: bool) -> Outcome:
        """Deliver what is pending, or only the own drop's call when `alone`; return its outcome.

        Alone is how a drop that kills the function is told from those beside it.
        """
        self._submission.finish_what_was_begun()
        self._outcomes.write_owed(self._state, self._invocation)
        ends = DropOutcomes(own)
        listed = self._listed(own, alone=alone)
        if listed.open_versions and not self._must_wait(own, self._plan(listed), ends):
            self._reconcile(own, listed, ends, alone=alone)
        return self._outcome(own, listed, ends)

    def _reconcile(self, own: Drop, listed: Listed, ends: DropOutcomes, *, alone: bool) -> None:
        found = self._check.find()
        shown = found.known or found.audience
        error = shown.error if shown else None
        if self._outcomes.write_owed(self._state, self._invocation, error=error):
            self._held.save()
            listed = self._listed(own, alone=alone)
        self._waits.forget_old(listed)
        plan = self._plan(listed)
        self._conclusions.supersede(plan.superseded, ends)
        self._without_call.refuse_overtaken(plan, ends)
        if plan.action == REMOVE and plan.drops and (found.renamed or found.audience is None):
            self._without_call.conclude_removals(plan, found, ends)
        elif plan.drops:
            self._send(plan, found, listed, ends)
        ends.left_over = ends.left_over or plan.left_over

    def _send(self, plan: Plan, found: Found, listed: Listed, ends: DropOutcomes) -> None:
        audience, made_anew = self._receiver(plan, found), None
        if audience is None and (found.replaces or self._state.changed_at is not None):
            made_anew = made_anew_warning(listed.receipted_keys)
        try:
            self._sender.send(plan, audience, ends, made_anew=made_anew)
        except AudienceUnknown:
            self._state.forget_audience()
            again = self._receiver(plan, self._check.find())
            made_anew = None if again else made_anew_warning(listed.receipted_keys)
            self._sender.send(plan, again, ends, made_anew=made_anew, last=True)

    def _receiver(self, plan: Plan, found: Found) -> Audience | None:
        """Return the audience that takes the plan's drops; None where it is to be made."""
        if found.audience is None:
            self._state.forget_audience()
            return None
        if found.audience.audience_id != self._state.audience_id:
            self._state.forget_audience()
            self._state.audience_id = found.audience.audience_id
        return self._check.editable(found.audience, plan.drops[0].key.calculate_type)

    def _listed(self, own: Drop, *, alone: bool) -> Listed:
        listed = self._listing.of(own.key.audience, own.key.calculate_type)
        return listed.alone(own) if alone else listed

    def _plan(self, listed: Listed) -> Plan:
        return plan_call(
            listed.drops,
            listed.open_versions,
            self._state,
            waiting=self._waits.keys_in_force(),
            now=self._clock(),
            settle_seconds=self._rhythm.settle_seconds,
        )

    def _must_wait(self, own: Drop, plan: Plan, ends: DropOutcomes) -> bool:
        """Tell whether nothing can be done now: a set is being written."""
        if plan.settles_in is None:
            return False
        ends.retry(own, RetryLater(backoff.SET_INCOMPLETE, plan.settles_in))
        return True

    def _outcome(self, own: Drop, listed: Listed, ends: DropOutcomes) -> Outcome:
        """Return what becomes of the message: its drop's own outcome, or another try."""
        if ends.own is not None:
            return ends.own
        if own.version not in listed.open_versions or own.version in ends.concluded:
            return Done()
        more_to_do = RetryLater(backoff.MORE_TO_DO, 0 if ends.left_over else self._rhythm.base)
        return self._waits.in_force(own) or more_to_do
