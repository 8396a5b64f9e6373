"""Background work of accounts: old counts and old links are deleted."""

from procrastinate.contrib.django import app

from cms.accounts import links, open_sessions, throttle, told


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="purge_sign_ins", pass_context=False)
def purge_sign_ins(timestamp: int) -> int:
    """Every hour. Returns how many rows were deleted."""
    return throttle.purge() + links.purge() + open_sessions.purge() + told.purge()
