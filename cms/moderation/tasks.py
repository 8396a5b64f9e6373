"""Background work of the review: what waited for the end of an electoral silence is published."""

from procrastinate.contrib.django import app

from cms.moderation import services


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="publish_waiting", pass_context=False)
def publish_waiting(timestamp: int) -> int:
    """Every five minutes; a silence ends at an hour that is data. Returns how many."""
    return services.publish_waiting()
