"""What the tests of accounts share with those of the review: a submission and its sender."""

from tests.moderation.samples import candidacy, party, submission

__all__ = ["candidacy", "party", "submission"]
