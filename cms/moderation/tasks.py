"""Background jobs of the review: publish what waited for the end of an electoral silence."""

from procrastinate.contrib.django import app

from cms.moderation import services


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="publish_waiting", pass_context=False)
def publish_waiting(timestamp: int) -> int:
    """Publish every five minutes, since a silence may end at any hour; returns how many."""
    return services.publish_waiting()
