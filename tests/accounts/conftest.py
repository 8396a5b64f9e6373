"""What the tests of accounts share with those of the review: something sent, and who sent it."""

from tests.moderation.samples import candidacy, party, submission

__all__ = ["candidacy", "party", "submission"]
