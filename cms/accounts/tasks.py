"""Background work of accounts: mails with links, and an end for what was counted."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from cms.accounts import links, throttle


@app.task(retry=RetryStrategy(max_attempts=5, exponential_wait=4), pass_context=False)
def send_link(link_id: int) -> bool:
    """Knows the link by its number alone: neither the account nor the address is in the queue."""
    return links.send(link_id=link_id)


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="purge_sign_ins", pass_context=False)
def purge_sign_ins(timestamp: int) -> int:
    """Every hour. Returns how many rows went."""
    return throttle.purge() + links.purge()
